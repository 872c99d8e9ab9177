#include "metrics/text.hpp"

#include <charconv>
#include <cmath>

namespace stoa::core::metrics {
namespace {

std::string_view word(Kind kind) {
  switch (kind) {
    case Kind::counter: return "counter";
    case Kind::gauge: return "gauge";
    case Kind::histogram: return "histogram";
  }
  return "untyped";
}

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end.ptr};
}

}  // namespace

void Text::head(std::string_view name, Kind kind, std::string_view help) {
  name_ = name;
  text_ += "# HELP " + name_ + ' ';
  append_escaped(text_, help, false);
  text_ += "\n# TYPE " + name_ + ' ';
  text_ += word(kind);
  text_ += '\n';
}

void Text::sample(std::span<const Label> labels, double value) {
  line("", labels, nullptr, value);
}

void Text::histogram(std::span<const Label> labels, std::span<const double> bounds,
                     std::span<const std::uint64_t> counts, double sum) {
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    so_far += counts[i];
    const std::string bound = i < bounds.size() ? number(bounds[i]) : "+Inf";
    const Label extra{"le", bound};
    line("_bucket", labels, &extra, static_cast<double>(so_far));
  }
  line("_sum", labels, nullptr, sum);
  line("_count", labels, nullptr, static_cast<double>(so_far));
}

void Text::line(std::string_view suffix, std::span<const Label> labels, const Label* extra, double value) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  const auto add = [&](const Label& label) {
    text_ += before;
    text_ += label.first;
    text_ += "=\"";
    append_escaped(text_, label.second, true);
    text_ += '"';
    before = ',';
  };
  for (const Label& label : labels) add(label);
  if (extra) add(*extra);
  if (before == ',') text_ += '}';
  text_ += ' ' + number(value) + '\n';
}

}  // namespace stoa::core::metrics
