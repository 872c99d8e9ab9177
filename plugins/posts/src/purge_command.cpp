#include "purge_command.hpp"

#include <charconv>

#include "stoa/json.hpp"

namespace stoa::posts {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kDefaultDays = 30;
constexpr std::int64_t kMostDays = 36'500;

Result<std::int64_t> days_in(std::string_view arguments) {
  const auto document = parse_json(arguments);
  if (!document) return document.error();
  if (!document->IsObject() || !document->HasMember("days")) return kDefaultDays;
  const auto& value = (*document)["days"];
  const std::string_view text = value.IsString() ? value.GetString() : "";
  std::int64_t days = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool whole = !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (!whole || days < 0 || days > kMostDays)
    return Error{ErrorCode::validation, "--days takes a number from 0 to 36500.", "/days", "out_of_range"};
  return days;
}

}  // namespace

Result<std::string> run_purge(const PurgeService& service, std::string_view arguments, std::int64_t now) {
  const auto days = days_in(arguments);
  if (!days) return days.error();
  const auto purged = service.purge(now - *days * kDay);
  if (!purged) return purged.error();
  return "Purged posts: " + std::to_string(purged->posts) +
         ", comments: " + std::to_string(purged->comments) + ".\n";
}

}  // namespace stoa::posts
