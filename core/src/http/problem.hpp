// Problem documents (RFC 9457): the one place where errors become HTTP.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "stoa/result.hpp"

namespace stoa::core::http {

struct ProblemType {
  std::string_view name;  // "not-found"; its URI is /problems/<name>
  int status;
  std::string_view title;
};

// [any-thread] All of them; api.md of the project lists the same.
const ProblemType& problem_type(std::string_view name);  // throws std::out_of_range
const ProblemType& problem_type(ErrorCode code);
// For statuses the edge itself answers with; 500 for others.
const ProblemType& problem_type(int status);

// The JSON document. Messages of errors that are the host's or a plugin's fault (status 500) are left out.
std::string problem_document(const ProblemType& type, const Error& error, std::string_view request_id);
Response problem_response(const ProblemType& type, const Error& error, std::string_view request_id);
Response problem_response(const Error& error, std::string_view request_id);
Response problem_response(std::string_view name, std::string detail, std::string_view request_id);

}  // namespace stoa::core::http
