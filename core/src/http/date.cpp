#include "http/date.hpp"

#include <cstring>

namespace stoa::core::http {

namespace {
void two_digits(char* to, int value) {
  to[0] = static_cast<char>('0' + value / 10 % 10);
  to[1] = static_cast<char>('0' + value % 10);
}
}  // namespace

std::string_view Date::now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return at(time.tv_sec);
}

std::string_view Date::at(std::time_t second) {
  if (second == second_) return {text_, sizeof text_};
  // Not strftime: the names must not follow the locale.
  static constexpr char kDays[] = "SunMonTueWedThuFriSat";
  static constexpr char kMonths[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::tm utc{};
  gmtime_r(&second, &utc);
  std::memcpy(text_, "Ddd, dd Mmm yyyy hh:mm:ss GMT", sizeof text_);
  std::memcpy(text_, kDays + 3 * utc.tm_wday, 3);
  two_digits(text_ + 5, utc.tm_mday);
  std::memcpy(text_ + 8, kMonths + 3 * utc.tm_mon, 3);
  two_digits(text_ + 12, (utc.tm_year + 1900) / 100);
  two_digits(text_ + 14, utc.tm_year % 100);
  two_digits(text_ + 17, utc.tm_hour);
  two_digits(text_ + 20, utc.tm_min);
  two_digits(text_ + 23, utc.tm_sec);
  second_ = second;
  return {text_, sizeof text_};
}

}  // namespace stoa::core::http
