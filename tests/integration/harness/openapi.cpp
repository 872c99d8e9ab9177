#include "harness/openapi.hpp"

#include <algorithm>
#include <stdexcept>

namespace stoa::harness {

namespace {

class Reader {
 public:
  explicit Reader(Json document) : document_(std::move(document)) {}

  std::vector<Operation> all() const {
    std::vector<Operation> out;
    for (const std::string& pattern : document_["paths"].names()) {
      const Json path = document_["paths"][pattern];
      for (const std::string& method : path.names()) {
        if (method != "parameters") out.push_back(operation(pattern, method, path));
      }
    }
    return out;
  }

 private:
  Json followed(Json value) const {
    while (value.is_object() && value.has("$ref")) {
      const std::string pointer = value["$ref"].text();
      Json target = document_;
      for (std::size_t at = 2; at <= pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', at), pointer.size());
        target = target[std::string_view(pointer).substr(at, end - at)];
        at = end + 1;
      }
      value = target;
    }
    return value;
  }

  Operation operation(const std::string& pattern, const std::string& method, const Json& path) const {
    const Json described = path[method];
    Operation out{.pattern = pattern};
    for (char c : method) out.method += static_cast<char>(c - 'a' + 'A');
    out.is_public = !described.has("security") || described["security"].empty();
    for (const Json& holder : {path, described}) {
      if (holder.has("parameters")) {
        for (const Json& parameter : holder["parameters"].items()) add_parameter(out, followed(parameter));
      }
    }
    if (described.has("requestBody")) {
      const Json body = followed(described["requestBody"]);
      out.has_body = true;
      out.needs_body = body.has("required") && body["required"] == true;
      add_fields(out, body["content"]["application/json"]["schema"]);
    }
    return out;
  }

  void add_parameter(Operation& out, const Json& parameter) const {
    const std::string name = parameter["name"].text();
    if (name == "limit") out.is_list = true;
    if (parameter["in"] == "path" && type_of(parameter["schema"]) == "integer") out.integers.push_back(name);
  }

  std::string type_of(const Json& schema) const {
    const Json plain = followed(schema);
    return plain.has("type") && plain["type"].is_string() ? plain["type"].text() : "";
  }

  void add_fields(Operation& out, const Json& schema) const {
    const Json plain = followed(schema);
    for (const char* several : {"oneOf", "anyOf", "allOf"}) {
      if (!plain.has(several)) continue;
      for (const Json& part : plain[several].items()) add_fields(out, part);
    }
    if (!plain.has("properties")) return;
    for (const std::string& name : plain["properties"].names())
      out.types[name] = type_of(plain["properties"][name]);
  }

  Json document_;
};

}  // namespace

std::string Operation::path(const std::function<std::string(const std::string&)>& value) const {
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '{') {
      out += pattern[at];
      continue;
    }
    const std::size_t end = pattern.find('}', at);
    out += value(pattern.substr(at + 1, end - at - 1));
    at = end;
  }
  return out.rfind("/api/", 0) == 0 ? out : "/" + out;
}

std::vector<Operation> operations(Client& client) {
  const Reply reply = client.get("/openapi.json");
  if (reply.status != 200) throw std::runtime_error("the OpenAPI document gave " + reply.body);
  return Reader(reply.json()).all();
}

}  // namespace stoa::harness
