#include "markdown/inline_text.hpp"

#include <algorithm>

#include "markdown/entities.hpp"
#include "markdown/links.hpp"
#include "markdown/markdown.hpp"

namespace stoa::markdown {
namespace {

constexpr std::size_t kMinNickname = 3;
constexpr std::size_t kMaxNickname = 20;
constexpr std::size_t kMaxQuestions = 64;  // to `known`, in one text

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

void InlineText::append(std::string_view text, bool linked) {
  std::size_t plain = 0;  // where the piece begins that is not written yet
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const bool boundary = !is_word(before_) && before_ != '/' && before_ != '@';
    std::size_t taken = 0;
    if (!linked && boundary && (c == '@' || c == 'h' || c == 'H' || c == 'w' || c == 'W')) {
      std::string anchor;
      taken = c == '@' ? mention(text.substr(i), anchor) : link(text.substr(i), anchor);
      if (taken != 0) {
        append_escaped(html_, text.substr(plain, i - plain));
        html_ += anchor;
        plain = i + taken;
      }
    }
    i += taken == 0 ? 1 : taken;
    before_ = text[i - 1];
  }
  append_escaped(html_, text.substr(plain));
}

std::size_t InlineText::link(std::string_view text, std::string& anchor) {
  const std::size_t length = bare_link(text);
  if (length == 0) return 0;
  const std::string_view url = text.substr(0, length);
  anchor += "<a href=\"";
  if (url.front() == 'w' || url.front() == 'W') anchor += "http://";
  append_href(anchor, url);
  anchor += "\" rel=\"nofollow ugc\">";
  append_escaped(anchor, url);
  anchor += "</a>";
  return length;
}

std::size_t InlineText::mention(std::string_view text, std::string& anchor) {
  const auto end = std::find_if(text.begin() + 1, text.end(), [](char c) { return !is_word(c) && c != '-'; });
  std::string_view nickname = text.substr(1, static_cast<std::size_t>(end - text.begin()) - 1);
  if (nickname.size() > kMaxNickname || (end != text.end() && *end == '@')) return 0;
  while (nickname.size() >= kMinNickname && !accept(nickname)) {
    if (nickname.back() != '-' && nickname.back() != '_') return 0;
    nickname.remove_suffix(1);
  }
  if (nickname.size() < kMinNickname) return 0;
  anchor += "<a class=\"stoa-mention\" href=\"/u/";
  anchor += nickname;
  anchor += "\">@";
  anchor += nickname;
  anchor += "</a>";
  return nickname.size() + 1;
}

bool InlineText::accept(std::string_view nickname) {
  const std::string key = lower(nickname);
  if (const auto asked = asked_.find(key); asked != asked_.end()) return asked->second;
  if (asked_.size() >= kMaxQuestions || mentions_.size() >= kMaxMentions) return false;
  const bool is_user = known_ && known_(nickname);
  asked_.emplace(key, is_user);
  if (is_user) mentions_.emplace_back(nickname);
  return is_user;
}

}  // namespace stoa::markdown
