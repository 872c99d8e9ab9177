// SQLite's result codes in the terms of the domain.
#pragma once

#include <string>
#include <string_view>

#include "stoa/result.hpp"

namespace stoa::core::storage {

// `code` is an extended result code, `message` SQLite's text: read for the names of columns, never passed on.
Error error_of(int code, std::string_view message);

// After this the connection is not to be trusted with another transaction.
bool breaks_connection(int code);

// Of the whole file, in a sentence with its path; for opening.
Error open_error(const std::string& path, int code, std::string_view message);

}  // namespace stoa::core::storage
