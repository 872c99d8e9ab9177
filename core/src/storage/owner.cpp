#include "storage/owner.hpp"

#include <algorithm>

namespace stoa::core::storage {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

Owner::Owner(std::string_view owner_name) : name(owner_name), prefix(owner_name) {
  std::replace(prefix.begin(), prefix.end(), '-', '_');
  prefix += '_';
}

bool Owner::valid(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() < 'a' || name.front() > 'z') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool Owner::owns(std::string_view object) const {
  return object.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), object.begin(),
                                                     [](char a, char b) { return a == lower(b); });
}

}  // namespace stoa::core::storage
