// Bodies of requests as JSON: what is accepted is JSON as RFC 8259 has it, within the bounds, and stays
// itself when it is written and read again.
#include "stoa/json.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "input.hpp"

namespace {

using stoa::fuzz::expect;

std::string written(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  expect(value.Accept(writer), "what was read can be written");
  return {buffer.GetString(), buffer.GetSize()};
}

int depth_of(const rapidjson::Value& value) {
  int inside = 0;
  if (value.IsArray()) {
    for (const auto& element : value.GetArray()) inside = std::max(inside, depth_of(element));
  } else if (value.IsObject()) {
    for (const auto& member : value.GetObject()) inside = std::max(inside, depth_of(member.value));
  } else {
    return 0;
  }
  return 1 + inside;
}

// Numbers with a fraction are read to a few units of the last place.
bool is_near(double a, double b) {
  return std::abs(a - b) <= std::abs(a) * 1e-14 + 1e-300;
}

bool is_same(const rapidjson::Value& a, const rapidjson::Value& b) {
  if (a.IsDouble() && b.IsDouble()) return is_near(a.GetDouble(), b.GetDouble());
  if (a.IsArray() && b.IsArray()) return std::equal(a.Begin(), a.End(), b.Begin(), b.End(), is_same);
  if (!a.IsObject() || !b.IsObject()) return a == b;
  return std::equal(
      a.MemberBegin(), a.MemberEnd(), b.MemberBegin(), b.MemberEnd(),
      [](const auto& x, const auto& y) { return x.name == y.name && is_same(x.value, y.value); });
}

// Asked by name each key is there once, with the value that stands beside it.
void check_keys(const rapidjson::Value& value) {
  if (value.IsArray()) {
    for (const auto& element : value.GetArray()) check_keys(element);
  }
  if (!value.IsObject()) return;
  for (const auto& member : value.GetObject()) {
    expect(&value.FindMember(member.name)->value == &member.value, "a key is there once");
    check_keys(member.value);
  }
}

void check_fields(std::string_view text) {
  auto fields = stoa::Fields::parse(text);
  if (!fields) return expect(!fields.error().message.empty(), "an error says why");
  const std::string title = fields->text("title", {3, 20});
  const auto count = fields->integer("count", -5, 5);
  const auto ids = fields->optional_ids("ids", 1, 3);
  const auto tags = fields->optional_texts("tags", 3, {1, 8, true});
  fields->optional_boolean("flag");
  if (const auto done = fields->finish(); !done) {
    expect(!done.error().fields.empty(), "an error names the fields");
    for (const auto& field : done.error().fields)
      expect(field.pointer.empty() || field.pointer.front() == '/', "by pointers");
    return;
  }
  expect(stoa::code_points(title) >= 3 && stoa::code_points(title) <= 20 && stoa::trimmed(title) == title,
         "a title is within its rule");
  expect(count >= -5 && count <= 5, "a number is within its range");
  if (ids)
    expect(!ids->empty() && ids->size() <= 3 && *std::min_element(ids->begin(), ids->end()) >= 1,
           "ids are ids");
  if (tags) expect(tags->size() <= 3, "a list is within its limit");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_fields(text);
  const auto document = stoa::parse_json(text);
  if (!document) return 0;
  expect(depth_of(*document) <= stoa::kMaxDepth, "the depth is bounded");
  check_keys(*document);
  const std::string once = written(*document);
  const auto again = stoa::parse_json(once);
  // The largest number of all may be one too large when it is read again.
  if (once.find("e308") != std::string::npos) return 0;
  expect(again.has_value(), "what was written can be read");
  expect(is_same(*document, *again), "and is the same, value by value");
  // Beside others it is still one value.
  stoa::Json around;
  around.begin_object().raw_field("a", once).field("b", true).end_object();
  const bool deepest = depth_of(*document) == stoa::kMaxDepth;
  expect(stoa::parse_json(around.take()).has_value() != deepest, "it can be put into another one");
  return 0;
}
