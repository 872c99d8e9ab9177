// One answer in each of its content codings, every one with a strong entity tag of its own.
#pragma once

#include <string>
#include <string_view>

#include "http/coding.hpp"
#include "http/message.hpp"

namespace stoa::core::http {

struct Representation {
  SharedBytes body;  // null: there is none in this coding
  std::string etag;  // quoted
  SharedBytes head;  // its fields, serialised
};

// [any-thread] `fields` are those that all codings of the answer share. Without a body when the coding does
// not make it shorter, or when a field cannot be sent.
Representation represent(const Fields& fields, const SharedBytes& plain, Coding coding, Effort effort);

// 200 with that representation, or 304 when the client has it.
Response response_of(const Fields& fields, const Representation& chosen, std::string_view if_none_match);

}  // namespace stoa::core::http
