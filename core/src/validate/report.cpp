#include "validate/report.hpp"

#include <algorithm>

#include "stoa/json.hpp"

namespace stoa::core::validate {

namespace {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok: return "ok";
    case Outcome::failed: return "failed";
    case Outcome::skipped: return "skipped";
  }
  return "failed";
}

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width > text.size() ? width - text.size() : 1, ' ');
}

}  // namespace

bool Report::valid() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.outcome == Outcome::ok; });
}

const Finding* Report::find(std::string_view check) const {
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const Finding& finding) { return finding.check == check; });
  return found == findings.end() ? nullptr : &*found;
}

std::string Report::text() const {
  std::string out;
  for (const Finding& finding : findings) {
    out += padded(to_string(finding.outcome), 9) + padded(finding.check, 14);
    for (std::size_t i = 0; i < finding.why.size(); ++i)
      out += (i ? "\n" + std::string(23, ' ') : "") + finding.why[i];
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  const std::string name = plugin.empty() ? file : plugin + " " + version;
  return out + name + (valid() ? " is a valid plugin\n" : " is not a valid plugin\n");
}

std::string Report::json() const {
  Json json;
  json.begin_object().field("file", file).field("plugin", plugin).field("version", version);
  json.field("valid", valid()).key("checks").begin_array();
  for (const Finding& finding : findings) {
    json.begin_object().field("check", finding.check).field("outcome", to_string(finding.outcome));
    json.key("why").begin_array();
    for (const std::string& why : finding.why) json.value(why);
    json.end_array().field("took_ms", static_cast<std::int64_t>(finding.took.count())).end_object();
  }
  return json.end_array().end_object().take() + "\n";
}

}  // namespace stoa::core::validate
