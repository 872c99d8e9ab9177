// The served OpenAPI document, as tests walk it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/client.hpp"

namespace stoa::harness {

struct Operation {
  std::string method = {};   // "POST"
  std::string pattern = {};  // "/api/v1/posts/{id}/comments"
  bool is_public = false;    // no security of its own
  bool is_list = false;      // takes limit and cursor
  bool has_body = false;
  bool needs_body = false;
  std::vector<std::string> integers = {};  // names of integer path parameters
  // Of the body's fields: "string", "integer", …; "" when it may be several.
  std::map<std::string, std::string> types = {};

  std::string name() const { return method + " " + pattern; }
  // The pattern with each {name} replaced.
  std::string path(const std::function<std::string(const std::string& name)>& value) const;
};

// Asked for by that client.
std::vector<Operation> operations(Client& client);

}  // namespace stoa::harness
