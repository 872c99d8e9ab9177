// JSON in tests: reading answers without ceremony, writing bodies.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/rapidjson.hpp"

namespace stoa::harness {

// A value inside a parsed document, which it keeps alive. Whatever is not there, or of another type, throws
// std::runtime_error with the document's text, which fails the test.
class Json {
 public:
  static Json parse(std::string_view text);

  Json operator[](std::string_view name) const;
  Json operator[](const char* name) const { return (*this)[std::string_view(name)]; }
  Json operator[](int index) const;
  bool has(std::string_view name) const;

  std::string text() const;
  std::int64_t integer() const;
  double real() const;
  bool boolean() const;
  bool is_null() const { return value_->IsNull(); }
  bool is_object() const { return value_->IsObject(); }
  bool is_array() const { return value_->IsArray(); }
  bool is_string() const { return value_->IsString(); }
  bool is_integer() const { return value_->IsInt64(); }

  std::size_t size() const;  // of an array or object
  bool empty() const { return size() == 0; }
  std::vector<Json> items() const;         // of an array
  std::vector<std::string> names() const;  // of an object, in order
  std::string dump() const;
  const rapidjson::Value& raw() const { return *value_; }

  friend bool operator==(const Json& a, std::string_view b) { return a.is_string() && a.text() == b; }
  friend bool operator==(const Json& a, const std::string& b) { return a == std::string_view(b); }
  friend bool operator==(const Json& a, const char* b) { return a == std::string_view(b); }
  friend bool operator==(const Json& a, std::int64_t b) { return a.is_integer() && a.integer() == b; }
  friend bool operator==(const Json& a, int b) { return a == std::int64_t{b}; }
  friend bool operator==(const Json& a, bool b) { return a.value_->IsBool() && a.value_->GetBool() == b; }
  friend bool operator==(const Json& a, const Json& b) { return *a.value_ == *b.value_; }
  friend std::ostream& operator<<(std::ostream& out, const Json& json) { return out << json.dump(); }

 private:
  Json(std::shared_ptr<const rapidjson::Document> document, const rapidjson::Value* value)
      : document_(std::move(document)), value_(value) {}
  [[noreturn]] void fail(const std::string& what) const;

  std::shared_ptr<const rapidjson::Document> document_;
  const rapidjson::Value* value_;
};

// What a member of object() may be. Raw JSON goes in by raw().
class Literal {
 public:
  Literal(const char* text) : Literal(std::string_view(text)) {}
  Literal(const std::string& text) : Literal(std::string_view(text)) {}
  Literal(std::string_view text);
  Literal(int number) : json_(std::to_string(number)) {}
  Literal(std::int64_t number) : json_(std::to_string(number)) {}
  Literal(std::size_t number) : json_(std::to_string(number)) {}
  Literal(bool flag) : json_(flag ? "true" : "false") {}
  Literal(std::nullptr_t) : json_("null") {}
  Literal(const Json& value) : json_(value.dump()) {}
  static Literal raw(std::string json);

  const std::string& json() const { return json_; }

 private:
  Literal() = default;
  std::string json_;
};

// object({{"title", "Hello"}, {"category_ids", array({1, 2})}})
std::string object(std::initializer_list<std::pair<std::string_view, Literal>> members);
Literal array(const std::vector<Literal>& elements);

}  // namespace stoa::harness
