// The bytes of a connection: how they are cut must not matter, and what is accepted is within the contract.
// Input: a line of piece sizes (its first byte even: small limits), then what the client sends.
#include <algorithm>
#include <memory>
#include <vector>

#include "http/reader.hpp"
#include "http/router.hpp"
#include "http/utf8.hpp"
#include "input.hpp"

namespace {

using namespace stoa::core::http;
using stoa::fuzz::expect;
using stoa::fuzz::Input;
using stoa::fuzz::Pieces;

struct Accepted {
  std::string head;
  std::string body;
  bool operator==(const Accepted&) const = default;
};

struct Outcome {
  std::vector<Accepted> requests;
  bool refused = false;
  bool operator==(const Outcome&) const = default;
};

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

std::size_t count(const RequestHead& head, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(head.fields.begin(), head.fields.end(),
                    [&](const auto& field) { return equal_ignoring_case(field.first, name); }));
}

void check_target(const RequestHead& head, const Reader::Limits& limits) {
  expect(!head.target.empty() && head.target.size() <= limits.target, "a target is within its limit");
  expect(head.target.front() == '/' || (head.target == "*" && head.method == Method::options),
         "a target is in origin form, or * of OPTIONS");
  expect(head.target == "/" || lies_in(head.target, head.block), "a target is what was sent, or the root");
  expect(lies_in(head.path, head.target) && lies_in(head.query, head.target),
         "path and query are parts of it");
  expect(std::none_of(head.target.begin(), head.target.end(),
                      [](char c) { return is_control(c) || c == ' ' || c == '#'; }),
         "a target has no controls, spaces or fragment");
  expect(
      head.target.substr(0, head.path.size()) == head.path && head.path.find('?') == std::string_view::npos,
      "the path ends at the first question mark");
}

void check_fields(const RequestHead& head) {
  for (const auto& [name, value] : head.fields) {
    expect(!name.empty() && std::all_of(name.begin(), name.end(), is_token_character),
           "a field's name is a token");
    expect(std::none_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; }),
           "a field's value has no controls");
    expect(value.empty() ||
               (value.front() != ' ' && value.back() != ' ' && value.front() != '\t' && value.back() != '\t'),
           "a field's value is trimmed");
    expect(lies_in(name, head.block) && lies_in(value, head.block), "fields point into the block");
  }
  expect(head.minor_version == 0 || head.minor_version == 1, "the version is 1.0 or 1.1");
  expect(count(head, "Host") == 1 || (head.minor_version == 0 && count(head, "Host") == 0),
         "there is one Host");
  expect(count(head, "Content-Length") == (head.content_length ? 1U : 0U), "there is one length at most");
  expect(count(head, "Transfer-Encoding") == (head.chunked ? 1U : 0U), "there is one coding at most");
  expect(!head.chunked || (!head.content_length && head.minor_version == 1), "a body has one framing");
  expect(!head.websocket ||
             (head.method == Method::get && !head.chunked && head.content_length.value_or(0) == 0),
         "an upgrade has no body");
}

// What the host makes of path and query.
void check_routing(const RequestHead& head) {
  static const auto table = [] {
    RouteTable<int> routes;
    int next = 0;
    for (const char* pattern :
         {"/", "/api/v1/posts", "/api/v1/posts/{id:int}", "/u/{name}", "/{any}/{other}", "/x/{a}/y"})
      routes.add(Method::get, parse_pattern(pattern).value(), next++);
    return routes;
  }();
  const auto match = table.match(head.method, head.path);
  for (const auto& [name, value] : match.parameters) {
    expect(!value.empty() && value.find('\0') == std::string::npos && is_utf8(value), "a parameter is text");
    if (name == "id")
      expect(value.size() <= 16 && value.find_first_not_of("0123456789") == std::string::npos,
             "an id is a number");
  }
  if (const auto path = percent_decode(head.path))
    expect(path->size() <= head.path.size() && is_utf8(*path) && path->find('\0') == std::string::npos,
           "a decoded path is text");
  for (const char* name : {"q", "after", "limit"}) {
    const auto value = query_value(head.query, name);
    if (value && *value)
      expect(is_utf8(**value) && (*value)->find('\0') == std::string::npos, "a query's value is text");
  }
  const auto cookie = cookie_value(head.field("Cookie"), "stoa");
  if (cookie) expect(lies_in(*cookie, head.block), "a cookie points into the block");
}

Outcome read_all(std::string_view wire, std::string_view sizes, const Reader::Limits& limits,
                 std::uint64_t body_limit) {
  Reader reader(limits);
  Outcome outcome;
  auto head = std::make_unique<RequestHead>();
  std::string body;
  bool in_body = false;
  Pieces pieces(sizes);
  std::string waiting;
  for (std::size_t at = 0; at < wire.size();) {
    const std::size_t size = pieces.next(wire.size() - at);
    waiting.append(wire.substr(at, size));
    at += size;
    // Until it wants more bytes than there are.
    for (bool moves = true; moves && !waiting.empty();) {
      const auto progress = in_body ? reader.read_body(waiting, body) : reader.read_head(waiting, *head);
      expect(progress.consumed <= waiting.size(), "no more is consumed than was given");
      expect(progress.refusal == 0 || !progress.complete, "a refusal completes nothing");
      expect(body.size() <= body_limit || (in_body && head->content_length), "chunks stay within the limit");
      waiting.erase(0, progress.consumed);
      if (progress.refusal != 0) {
        for (const int status : {400, 413, 414, 417, 431, 501, 505})
          outcome.refused |= progress.refusal == status;
        expect(outcome.refused, "a refusal is one of the documented ones");
        return outcome;
      }
      moves = progress.consumed > 0 || progress.complete;
      if (!progress.complete) continue;
      if (!in_body) {
        expect(head->block.size() <= limits.header, "a head is within its limit");
        check_target(*head, limits);
        check_fields(*head);
        check_routing(*head);
        if (head->content_length.value_or(0) > body_limit) {
          outcome.refused = true;
          return outcome;
        }
        if (reader.has_body()) {
          expect(head->chunked || head->content_length.value_or(0) > 0, "a body is announced");
          reader.begin_body(body_limit);
          in_body = true;
          continue;
        }
      }
      expect(head->chunked || body.size() == head->content_length.value_or(0),
             "a body has the length it announced");
      outcome.requests.push_back({head->block, body});
      body.clear();
      in_body = false;
      if (!head->keep_alive || head->websocket) return outcome;
    }
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const auto sizes = input.line();
  // With its end: when a head that never comes to one is refused, depends on how it comes.
  const std::string wire = std::string(input.rest()) + "\r\n\r\n";
  Reader::Limits limits;
  std::uint64_t body_limit = 4096;
  if (!sizes.empty() && sizes.front() % 2 == 0) {
    limits = {.target = 24, .header = 96};
    body_limit = 16;
  }
  const Outcome whole = read_all(wire, {}, limits, body_limit);
  expect(read_all(wire, sizes, limits, body_limit) == whole, "it does not matter how the bytes are cut");
  expect(read_all(wire, std::string_view("\0", 1), limits, body_limit) == whole,
         "nor whether they come one by one");
  return 0;
}
