#include "config/print.hpp"

#include <algorithm>

#include "config/toml_text.hpp"

namespace stoa::core::config {
namespace {

using rapidjson::Value;

class Printer {
 public:
  Printer(const Tree& tree, const Schema& schema, std::size_t base, bool with_origin, bool show)
      : tree_(tree), schema_(schema), base_(base), with_origin_(with_origin), show_(show) {}

  void print(const Value& value, const KeyPath& path) {
    if (!value.IsObject()) return print_value(value, path);
    const Value* rule = schema_.at(below_base(path));
    const auto known = rule ? names_of(*rule) : std::vector<std::string>();
    for (const std::string& name : known) {
      if (const Value* inner = member(value, name)) print(*inner, path / name);
    }
    for (const auto& entry : value.GetObject()) {
      const std::string name(text_of(entry.name));
      if (std::find(known.begin(), known.end(), name) == known.end()) print(entry.value, path / name);
    }
  }

  std::string take() { return std::move(lines_); }

 private:
  KeyPath below_base(const KeyPath& path) const {
    return KeyPath(path.begin() + static_cast<std::ptrdiff_t>(base_), path.end());
  }

  void print_value(const Value& value, const KeyPath& path) {
    const Origin origin = tree_.own_origin(path);
    const bool standard = origin.where.empty();
    const bool hidden = !standard && (!show_ || origin.secret || schema_.is_secret(below_base(path)));
    lines_ += dotted(path) + " = " + (hidden ? "\"…\"" : toml_text(value));
    if (with_origin_) lines_ += "  # " + (standard ? "default" : origin.where);
    lines_ += '\n';
  }

  const Tree& tree_;
  const Schema& schema_;
  std::size_t base_;
  bool with_origin_, show_;
  std::string lines_;
};

}  // namespace

std::string printed(const Tree& tree, const Schema& schema, const KeyPath& base, bool with_origin,
                    bool show) {
  Printer printer(tree, schema, base.size(), with_origin, show);
  if (const Value* value = tree.find(base)) printer.print(*value, base);
  return printer.take();
}

}  // namespace stoa::core::config
