#include "config/tree.hpp"

#include <algorithm>

namespace stoa::core::config {
namespace {

using rapidjson::Value;

bool starts_with(const KeyPath& path, const KeyPath& start) {
  return path.size() >= start.size() && std::equal(start.begin(), start.end(), path.begin());
}

const Value* element(const Value& list, const std::string& name) {
  if (name.size() < 3 || name.front() != '[') return nullptr;
  const auto index = static_cast<rapidjson::SizeType>(std::stoul(name.substr(1)));
  return index < list.Size() ? &list[index] : nullptr;
}

}  // namespace

const Value* Tree::find(const KeyPath& path) const {
  const Value* at = &values_;
  for (const std::string& name : path) {
    at = at->IsArray() ? element(*at, name) : member(*at, name);
    if (!at) return nullptr;
  }
  return at;
}

Origin Tree::origin(const KeyPath& path) const {
  for (KeyPath at = path; !at.empty(); at.pop_back()) {
    if (const auto found = origins_.find(at); found != origins_.end()) return found->second;
  }
  return {};
}

Origin Tree::own_origin(const KeyPath& path) const {
  const auto found = origins_.find(path);
  return found == origins_.end() ? Origin() : found->second;
}

void Tree::set(const KeyPath& path, const Value& value, const Origin& origin) {
  auto& memory = values_.GetAllocator();
  Value* at = &values_;
  for (const std::string& name : path) {
    if (!at->IsObject()) at->SetObject();
    auto found = at->FindMember(name);
    if (found == at->MemberEnd()) {
      at->AddMember(Value(text_ref(name), memory), Value(), memory);
      found = at->MemberEnd() - 1;
    }
    at = &found->value;
  }
  at->CopyFrom(value, memory);
  forget_origins(path);
  origins_[path] = origin;
}

void Tree::fill(const KeyPath& path, const Schema& schema) {
  const Value* table = find(path);
  if (table) schema.fill(const_cast<Value&>(*table), values_.GetAllocator());
}

void Tree::merge(const Tree& over) {
  merge_table(over, over.values_, {});
}

void Tree::merge_table(const Tree& over, const Value& table, const KeyPath& path) {
  for (const auto& entry : table.GetObject()) {
    const KeyPath here = path / text_of(entry.name);
    const Value* mine = find(here);
    if (mine && mine->IsObject() && entry.value.IsObject()) {
      merge_table(over, entry.value, here);
      continue;
    }
    set(here, entry.value, over.origin(here));
    for (const auto& [place, origin] : over.origins_) {
      if (starts_with(place, here)) origins_[place] = origin;
    }
  }
}

void Tree::forget_origins(const KeyPath& path) {
  std::erase_if(origins_, [&](const auto& entry) { return starts_with(entry.first, path); });
}

const Value* member(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(Value(text_ref(name)));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string_view text_of(const Value& string) {
  return {string.GetString(), string.GetStringLength()};
}

Value::StringRefType text_ref(std::string_view text) {
  // RapidJSON takes no null pointer, which an empty view may hold.
  return {text.data() ? text.data() : "", static_cast<rapidjson::SizeType>(text.size())};
}

}  // namespace stoa::core::config
