// RFC 3339 times in UTC with milliseconds, as the API writes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace stoa {

inline constexpr std::size_t kRfc3339Size = 24;

// "2026-11-22T09:57:48.608Z", without a zero byte. Years 0000 to 9999; others are clamped.
inline void write_rfc3339(std::int64_t time_ms, char (&text)[kRfc3339Size]) {
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
  std::memcpy(text, "0000-00-00T00:00:00.000Z", kRfc3339Size);
  const auto write = [&text](std::size_t end, std::size_t digits, std::int64_t value) {
    for (; digits > 0; --digits, value /= 10) text[--end] = static_cast<char>('0' + value % 10);
  };
  write(4, 4, year);
  write(7, 2, month);
  write(10, 2, day);
  write(13, 2, rest / 3600000);
  write(16, 2, rest / 60000 % 60);
  write(19, 2, rest / 1000 % 60);
  write(23, 3, rest % 1000);
}
inline std::string rfc3339(std::int64_t time_ms) {
  char text[kRfc3339Size];
  write_rfc3339(time_ms, text);
  return std::string(text, kRfc3339Size);
}

// Reads what rfc3339() writes; fractions of a second and the offset ("Z", "+02:00") are as RFC 3339 allows.
// nullopt: not such a time, or a day that does not exist.
inline std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
      if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  if (text.size() < 20 || text.size() > 40 || text[4] != '-' || text[7] != '-' || text[13] != ':' ||
      text[16] != ':' || (text[10] != 'T' && text[10] != 't'))
    return std::nullopt;
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > kDays[month - 1] + (month == 2 && leap) ||
      hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  std::size_t at = 19;
  int millisecond = 0;
  if (text[at] == '.') {
    const std::size_t first = ++at;
    for (int scale = 100; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
      millisecond += (text[at] - '0') * scale;
    if (at == first) return std::nullopt;
  }
  if (at >= text.size()) return std::nullopt;
  int offset = 0;  // minutes
  if (text[at] == 'Z' || text[at] == 'z') {
    ++at;
  } else {
    const int hours = number(at + 1, 2), minutes = number(at + 4, 2);
    if ((text[at] != '+' && text[at] != '-') || at + 6 != text.size() || text[at + 3] != ':' || hours < 0 ||
        hours > 23 || minutes < 0 || minutes > 59)
      return std::nullopt;
    offset = (hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
    at += 6;
  }
  if (at != text.size()) return std::nullopt;
  // Days from civil date, Howard Hinnant, as above.
  const std::int64_t shifted = month <= 2 ? year - 1 : year;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  const std::int64_t days = era * 146097 + day_of_era - 719468;
  return (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + millisecond;
}

}  // namespace stoa
