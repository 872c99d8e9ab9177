#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
// It asserts what it then reports as an error: that a key follows "[[".
#define TOML_ASSERT(condition) static_assert(true)

#include "config/toml_file.hpp"

#include <toml++/toml.h>

#include <cmath>

namespace stoa::core::config {
namespace {

using rapidjson::Value;

class Reader {
 public:
  Reader(const std::string& name, std::vector<Mistake>& mistakes) : name_(name), mistakes_(mistakes) {}

  Tree read(const toml::table& table) {
    read_table(table, {});
    return std::move(tree_);
  }

 private:
  std::string line(const toml::source_region& source) const {
    return name_ + ":" + std::to_string(source.begin.line);
  }

  void read_table(const toml::table& table, const KeyPath& path) {
    for (const auto& [key, node] : table) {
      const KeyPath here = path / key.str();
      const auto& source = key.source().begin ? key.source() : node.source();
      if (key.str().size() > kLongestKey) {
        refuse(node, path, "a key must be at most " + std::to_string(kLongestKey) + " bytes long");
      } else if (const toml::table* inner = node.as_table()) {
        tree_.set(here, Value(rapidjson::kObjectType), {line(source)});
        read_table(*inner, here);
      } else {
        read_value(node, here, line(source));
      }
    }
  }

  void read_value(const toml::node& node, const KeyPath& path, const std::string& where) {
    rapidjson::Document value;
    if (!convert(node, path, value, value.GetAllocator())) return;
    tree_.set(path, value, {where});
    if (const toml::array* list = node.as_array()) set_element_lines(*list, path);
  }

  void set_element_lines(const toml::array& list, const KeyPath& path) {
    for (std::size_t i = 0; i < list.size(); ++i)
      tree_.set_origin(path / element_name(i), {line(list[i].source())});
  }

  bool convert(const toml::node& node, const KeyPath& path, Value& value,
               rapidjson::Document::AllocatorType& memory) {
    if (const auto* text = node.as_string()) return convert_text(node, text->get(), path, value, memory);
    if (const auto* number = node.as_integer()) return value.SetInt64(number->get()), true;
    if (const auto* flag = node.as_boolean()) return value.SetBool(flag->get()), true;
    if (const auto* number = node.as_floating_point()) {
      if (!std::isfinite(number->get())) return refuse(node, path, "must be a finite number");
      return value.SetDouble(number->get()), true;
    }
    if (const auto* list = node.as_array()) {
      value.SetArray();
      for (std::size_t i = 0; i < list->size(); ++i) {
        Value element;
        if (!convert((*list)[i], path / element_name(i), element, memory)) return false;
        value.PushBack(element, memory);
      }
      return true;
    }
    if (const auto* table = node.as_table()) {
      value.SetObject();
      for (const auto& [key, inner] : *table) {
        Value converted;
        if (!convert(inner, path / key.str(), converted, memory)) return false;
        value.AddMember(Value(text_ref(key.str()), memory), converted, memory);
      }
      return true;
    }
    return refuse(node, path, "dates and times are not used here; put it in quotes if it is meant as a text");
  }

  bool convert_text(const toml::node& node, const std::string& text, const KeyPath& path, Value& value,
                    rapidjson::Document::AllocatorType& memory) {
    if (text.size() > kLongestText)
      return refuse(node, path, "must be at most " + std::to_string(kLongestText) + " bytes long");
    if (text.find('\0') != std::string::npos) return refuse(node, path, "must not contain a NUL character");
    value.SetString(text_ref(text), memory);
    return true;
  }

  bool refuse(const toml::node& node, const KeyPath& path, const std::string& message) {
    mistakes_.push_back({line(node.source()), dotted(path), message});
    return false;
  }

  const std::string& name_;
  std::vector<Mistake>& mistakes_;
  Tree tree_;
};

}  // namespace

Tree read_toml(std::string_view text, const std::string& name, std::vector<Mistake>& mistakes) {
  const toml::parse_result parsed = toml::parse(text);
  if (parsed) return Reader(name, mistakes).read(parsed.table());
  const auto& at = parsed.error().source().begin;
  mistakes.push_back({name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column), "",
                      std::string(parsed.error().description())});
  return {};
}

}  // namespace stoa::core::config
