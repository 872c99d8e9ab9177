// RFC 3339 times in UTC with milliseconds, as the API writes them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace stoa {

// "2026-11-22T09:57:48.608Z". Years 0000 to 9999; others are clamped.
inline std::string rfc3339(std::int64_t time_ms) {
  constexpr std::int64_t kFirst = -62167219200000;  // 0000-01-01
  constexpr std::int64_t kLast = 253402300799999;   // 9999-12-31
  if (time_ms < kFirst) time_ms = kFirst;
  if (time_ms > kLast) time_ms = kLast;
  std::int64_t days = time_ms / 86400000;
  std::int64_t rest = time_ms % 86400000;
  if (rest < 0) {
    rest += 86400000;
    --days;
  }
  // Civil date from days, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_index = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * month_index + 2) / 5 + 1);
  const int month = static_cast<int>(month_index < 10 ? month_index + 3 : month_index - 9);
  const int year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day,
                static_cast<int>(rest / 3600000), static_cast<int>(rest / 60000 % 60),
                static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
  return text;
}

}  // namespace stoa
