// Posts and messages as people write them: whatever the text is, the HTML is well formed and holds only what
// the writer of it may write.
#include "markdown/markdown.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "input.hpp"
#include "markdown/limits.hpp"

namespace {

using stoa::fuzz::expect;

constexpr std::array<std::string_view, 25> kElements{
    "a",  "blockquote", "br", "code", "del",    "em",    "h2",    "h3", "h4", "h5",    "h6", "hr", "input",
    "li", "ol",         "p",  "pre",  "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"};
constexpr std::array<std::string_view, 3> kVoid{"br", "hr", "input"};

// Element and attribute, in pairs.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kAttributes{{{"a", "href"},
                                                                                     {"a", "title"},
                                                                                     {"a", "rel"},
                                                                                     {"a", "class"},
                                                                                     {"code", "class"},
                                                                                     {"input", "type"},
                                                                                     {"input", "disabled"},
                                                                                     {"input", "checked"},
                                                                                     {"input", "aria-label"},
                                                                                     {"li", "class"},
                                                                                     {"ol", "start"},
                                                                                     {"pre", "tabindex"},
                                                                                     {"table", "tabindex"}}};

template <class List, class Entry>
bool has(const List& list, const Entry& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

class Checker {
 public:
  explicit Checker(std::string_view html) : rest_(html) {}

  void run() {
    while (!rest_.empty()) {
      if (rest_.front() == '<') {
        tag();
      } else {
        text(rest_.substr(0, rest_.find('<')));
      }
    }
    expect(open_.empty(), "every element is closed");
  }

 private:
  // Nothing that could begin a tag or a reference of its own.
  static void plain(std::string_view text) {
    expect(text.find_first_of("<>\"") == std::string_view::npos, "text is escaped");
    for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
      const auto end = text.find(';', at);
      expect(end != std::string_view::npos && end > at + 1 && end - at < 64,
             "an ampersand begins a reference");
      const auto name = text.substr(at + 1, end - at - 1);
      expect(std::all_of(name.begin(), name.end(),
                         [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  (c >= '0' && c <= '9') || c == '#';
                         }),
             "a reference is a name or a number");
    }
  }

  void text(std::string_view text) {
    plain(text);
    rest_.remove_prefix(text.size());
  }

  void tag() {
    const auto end = rest_.find('>');
    expect(end != std::string_view::npos, "a tag ends");
    std::string_view tag = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (!tag.empty() && tag.front() == '/') {
      expect(!open_.empty() && open_.back() == tag.substr(1), "elements close in order");
      open_.pop_back();
      return;
    }
    const std::string_view name = tag.substr(0, tag.find(' '));
    expect(has(kElements, name), "an element is one of those allowed");
    expect(name != "a" || !has(open_, std::string_view("a")), "a link holds no link");
    tag.remove_prefix(name.size());
    while (!tag.empty()) attribute(name, tag);
    if (!has(kVoid, name)) open_.push_back(name);
    expect(open_.size() <= stoa::markdown::kMaxDepth + 8, "the depth is bounded");
  }

  static void attribute(std::string_view element, std::string_view& tag) {
    expect(tag.front() == ' ', "attributes are apart");
    tag.remove_prefix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" ="));
    tag.remove_prefix(name.size());
    std::string_view value;
    if (!tag.empty() && tag.front() == '=') {
      expect(tag.size() >= 3 && tag[1] == '"', "a value is quoted");
      const auto end = tag.find('"', 2);
      expect(end != std::string_view::npos, "a value ends");
      value = tag.substr(2, end - 2);
      tag.remove_prefix(end + 1);
    }
    const bool aligned = (element == "td" || element == "th") && name == "class";
    expect(aligned || has(kAttributes, std::pair(element, name)), "an attribute is one of those allowed");
    plain(value);
    if (name == "href") address(value);
    if (name == "class")
      expect(value.find("stoa-") == 0 || value.find("language-") == 0, "a class is one of ours");
  }

  static void address(std::string_view url) {
    expect(!url.empty(), "a link leads somewhere");
    expect(
        std::none_of(url.begin(), url.end(), [](char c) { return is_control(c) || c == ' ' || c == '\\'; }),
        "an address has no blanks, backslashes or controls");
    const auto mark = url.find_first_of(":/?#");
    if (mark == std::string_view::npos || url[mark] != ':') return;
    std::string scheme(url.substr(0, mark));
    for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    expect(scheme == "http" || scheme == "https" || scheme == "mailto", "an address has an allowed scheme");
  }

  std::string_view rest_;
  std::vector<std::string_view> open_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  std::size_t asked = 0;
  const auto known = [&](std::string_view nickname) {
    expect(nickname.size() >= 3 && nickname.size() <= 20, "only what may be a nickname is asked for");
    ++asked;
    return nickname.front() != 'x';
  };
  const auto rendered = stoa::markdown::render(source, known);
  expect(asked <= 64, "questions are bounded");
  expect(rendered.mentions.size() <= stoa::markdown::kMaxMentions, "mentions are bounded");
  expect(rendered.html.size() <= stoa::markdown::max_html_bytes(source.size()) + 4096,
         "the size is in proportion");
  for (const std::string& nickname : rendered.mentions)
    expect(rendered.html.find("href=\"/u/" + nickname + "\"") != std::string::npos,
           "who is mentioned is linked");
  Checker(rendered.html).run();
  expect(stoa::markdown::render(source, known).html == rendered.html, "the same text gives the same HTML");

  for (const std::size_t most : {std::size_t{1}, std::size_t{20}, std::size_t{200}}) {
    const std::string words = stoa::markdown::plain_text(source, most);
    const auto points = std::count_if(words.begin(), words.end(), [](char c) { return (c & 0xC0) != 0x80; });
    expect(static_cast<std::size_t>(points) <= most, "an excerpt keeps its length");
    expect(words.find_first_of("\r\n\t") == std::string::npos, "an excerpt is one line");
  }
  return 0;
}
