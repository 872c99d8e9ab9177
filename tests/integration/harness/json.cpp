#include "harness/json.hpp"

#include <stdexcept>

namespace stoa::harness {

namespace {
std::string quoted(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}
}  // namespace

Json Json::parse(std::string_view text) {
  auto document = std::make_shared<rapidjson::Document>();
  document->Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(),
                                                                                          text.size());
  if (document->HasParseError()) throw std::runtime_error("not JSON: " + std::string(text.substr(0, 2000)));
  const rapidjson::Value* root = document.get();
  return Json(std::move(document), root);
}

void Json::fail(const std::string& what) const {
  throw std::runtime_error(what + " in " + dump());
}

Json Json::operator[](std::string_view name) const {
  if (!value_->IsObject()) fail("no object");
  const auto member = value_->FindMember(
      rapidjson::Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  if (member == value_->MemberEnd()) fail("no \"" + std::string(name) + "\"");
  return Json(document_, &member->value);
}

Json Json::operator[](int index) const {
  if (!value_->IsArray() || index < 0 || static_cast<rapidjson::SizeType>(index) >= value_->Size())
    fail("no element " + std::to_string(index));
  return Json(document_, &(*value_)[static_cast<rapidjson::SizeType>(index)]);
}

bool Json::has(std::string_view name) const {
  return value_->IsObject() && value_->HasMember(std::string(name));
}

std::string Json::text() const {
  if (!value_->IsString()) fail("no string");
  return {value_->GetString(), value_->GetStringLength()};
}

std::int64_t Json::integer() const {
  if (!value_->IsInt64()) fail("no integer");
  return value_->GetInt64();
}

double Json::real() const {
  if (!value_->IsNumber()) fail("no number");
  return value_->GetDouble();
}

bool Json::boolean() const {
  if (!value_->IsBool()) fail("no boolean");
  return value_->GetBool();
}

std::size_t Json::size() const {
  if (value_->IsArray()) return value_->Size();
  if (value_->IsObject()) return value_->MemberCount();
  fail("no array");
}

std::vector<Json> Json::items() const {
  if (!value_->IsArray()) fail("no array");
  std::vector<Json> out;
  for (const rapidjson::Value& element : value_->GetArray()) out.push_back(Json(document_, &element));
  return out;
}

std::vector<std::string> Json::names() const {
  if (!value_->IsObject()) fail("no object");
  std::vector<std::string> out;
  for (const auto& member : value_->GetObject())
    out.emplace_back(member.name.GetString(), member.name.GetStringLength());
  return out;
}

std::string Json::dump() const {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value_->Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Literal::Literal(std::string_view text) : json_(quoted(text)) {}

Literal Literal::raw(std::string json) {
  Literal literal;
  literal.json_ = std::move(json);
  return literal;
}

std::string object(std::initializer_list<std::pair<std::string_view, Literal>> members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ',';
    out += quoted(name) + ":" + value.json();
  }
  return out + "}";
}

Literal array(const std::vector<Literal>& elements) {
  std::string out = "[";
  for (const Literal& element : elements) {
    if (out.size() > 1) out += ',';
    out += element.json();
  }
  return Literal::raw(out + "]");
}

}  // namespace stoa::harness
