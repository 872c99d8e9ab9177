#include "http/problem.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "stoa/json.hpp"

namespace stoa::core::http {

namespace {

constexpr std::array kTypes{
    ProblemType{"malformed", 400, "The request cannot be read"},
    ProblemType{"unauthenticated", 401, "You are not logged in"},
    ProblemType{"invalid-credentials", 401, "The login did not succeed"},
    ProblemType{"forbidden", 403, "You may not do this"},
    ProblemType{"not-found", 404, "There is nothing here"},
    ProblemType{"plugin-disabled", 404, "This feature is switched off"},
    ProblemType{"method-not-allowed", 405, "This cannot be done with this method"},
    ProblemType{"request-timeout", 408, "The request took too long to arrive"},
    ProblemType{"conflict", 409, "This contradicts the present state"},
    ProblemType{"precondition-failed", 412, "It has changed since you read it"},
    ProblemType{"payload-too-large", 413, "The request is too large"},
    ProblemType{"uri-too-long", 414, "The address is too long"},
    ProblemType{"unsupported-media-type", 415, "This kind of content is not understood here"},
    ProblemType{"range-not-satisfiable", 416, "This part does not exist"},
    ProblemType{"expectation-failed", 417, "This expectation cannot be met"},
    ProblemType{"validation", 422, "Something in the request is not as it should be"},
    ProblemType{"rate-limited", 429, "Too many requests"},
    ProblemType{"headers-too-large", 431, "The request's headers are too large"},
    ProblemType{"internal", 500, "Something went wrong on our side"},
    ProblemType{"not-implemented", 501, "This method is not known here"},
    ProblemType{"overloaded", 503, "The forum is busy"},
    ProblemType{"timeout", 504, "This took too long"},
    ProblemType{"http-version", 505, "This version of HTTP is not spoken here"},
};

}  // namespace

const ProblemType& problem_type(std::string_view name) {
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const ProblemType& type) { return type.name == name; });
  if (found == kTypes.end()) throw std::out_of_range("no problem type " + std::string(name));
  return *found;
}

const ProblemType& problem_type(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed: return problem_type("malformed");
    case ErrorCode::unauthenticated: return problem_type("unauthenticated");
    case ErrorCode::invalid_credentials: return problem_type("invalid-credentials");
    case ErrorCode::forbidden: return problem_type("forbidden");
    case ErrorCode::not_found: return problem_type("not-found");
    case ErrorCode::conflict: return problem_type("conflict");
    case ErrorCode::precondition_failed: return problem_type("precondition-failed");
    case ErrorCode::too_large: return problem_type("payload-too-large");
    case ErrorCode::unsupported_media: return problem_type("unsupported-media-type");
    case ErrorCode::validation: return problem_type("validation");
    case ErrorCode::rate_limited: return problem_type("rate-limited");
    case ErrorCode::overloaded: return problem_type("overloaded");
    case ErrorCode::timeout: return problem_type("timeout");
    case ErrorCode::unavailable: return problem_type("overloaded");
    case ErrorCode::unsupported: return problem_type("internal");
    case ErrorCode::internal: return problem_type("internal");
  }
  return problem_type("internal");
}

const ProblemType& problem_type(int status) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const ProblemType& type) { return type.status == status; });
  return found == kTypes.end() ? problem_type("internal") : *found;
}

std::string problem_document(const ProblemType& type, const Error& error, std::string_view request_id) {
  Json json;
  json.begin_object()
      .field("type", "/problems/" + std::string(type.name))
      .field("title", type.title)
      .field("status", type.status);
  const bool ours = type.status == 500;
  json.field("detail", ours || error.message.empty() ? std::string(type.title) + "." : error.message);
  if (!request_id.empty()) json.field("request_id", request_id);
  if (!ours && (!error.fields.empty() || !error.pointer.empty())) {
    json.key("errors").begin_array();
    const auto add = [&](const FieldError& field) {
      json.begin_object()
          .field("pointer", field.pointer)
          .field("code", field.code)
          .field("detail", field.detail)
          .end_object();
    };
    if (!error.pointer.empty()) add({error.pointer, error.field_code, error.message});
    for (const FieldError& field : error.fields) add(field);
    json.end_array();
  }
  if (!ours && !error.current.empty()) json.raw_field("current", error.current);
  return json.end_object().take();
}

Response problem_response(const ProblemType& type, const Error& error, std::string_view request_id) {
  Response response;
  response.status = type.status;
  response.fields = {{"Content-Type", "application/problem+json"},
                     {"Cache-Control", "no-store"},
                     {"X-Content-Type-Options", "nosniff"}};
  if (type.status == 401) response.fields.emplace_back("WWW-Authenticate", "Bearer");
  if (type.status == 429 || type.status == 503) {
    response.fields.emplace_back("Retry-After", std::to_string(std::max(error.retry_after_s, 1)));
  }
  response.body = std::make_shared<const std::string>(problem_document(type, error, request_id));
  return response;
}

Response problem_response(const Error& error, std::string_view request_id) {
  return problem_response(problem_type(error.code), error, request_id);
}

Response problem_response(std::string_view name, std::string detail, std::string_view request_id) {
  return problem_response(problem_type(name), Error{ErrorCode::internal, std::move(detail)}, request_id);
}

}  // namespace stoa::core::http
