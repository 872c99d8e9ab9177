// Inputs made to be expensive: the result stays in proportion and free of markup of the author's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "markdown/limits.hpp"
#include "markdown/markdown.hpp"

namespace stoa::markdown {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string repeated(const std::string& atom, std::size_t bytes = 32'768) {
  std::string out;
  while (out.size() + atom.size() <= bytes) out += atom;
  return out;
}

std::string html(const std::string& source) {
  return render(source, [](std::string_view name) { return name.size() < 5; }).html;
}

// Every '<' begins an element that the renderer knows.
bool only_own_tags(const std::string& out) {
  static const std::vector<std::string> kTags{
      "p",  "em", "strong", "del", "code", "pre",   "a",     "ul",    "ol", "li", "blockquote", "hr",   "br",
      "h2", "h3", "h4",     "h5",  "h6",   "table", "thead", "tbody", "tr", "th", "td",         "input"};
  for (std::size_t at = out.find('<'); at != std::string::npos; at = out.find('<', at + 1)) {
    std::size_t begin = at + 1;
    if (begin < out.size() && out[begin] == '/') ++begin;
    const std::string name = out.substr(begin, out.find_first_of(" >", begin) - begin);
    if (std::find(kTags.begin(), kTags.end(), name) == kTags.end()) return false;
  }
  return true;
}

const std::vector<std::string>& atoms() {
  static const std::vector<std::string> kAtoms{"a",
                                               "*",
                                               "_",
                                               "**",
                                               "~",
                                               "`",
                                               "``",
                                               "[",
                                               "]",
                                               "![",
                                               "](",
                                               "](b)",
                                               "[a]",
                                               "(",
                                               ")",
                                               "<",
                                               ">",
                                               "<a",
                                               "http://",
                                               "https://a.",
                                               "www.",
                                               "@",
                                               "@abc ",
                                               "@abcdef ",
                                               "|",
                                               "|a",
                                               "-|",
                                               "\n",
                                               "\n\n",
                                               "- ",
                                               "* ",
                                               "1. ",
                                               "> ",
                                               "#",
                                               "    ",
                                               "\t",
                                               " ",
                                               "\\",
                                               "&",
                                               "&amp;",
                                               "&#x",
                                               "[a]: b\n",
                                               "<!--",
                                               "<?",
                                               "<![CDATA[",
                                               "```\n",
                                               "~~~\n",
                                               "---\n",
                                               "===\n",
                                               "- [ ] ",
                                               "\"",
                                               "'",
                                               "[[",
                                               "]]",
                                               "\xc3\xa9",
                                               "a|b\n---|---\n",
                                               "x\n>",
                                               "<script>",
                                               "javascript:",
                                               "\r",
                                               std::string(1, '\0')};
  return kAtoms;
}

void expect_sound(const std::string& source) {
  const std::string out = html(source);
  EXPECT_LE(out.size(), max_html_bytes(source.size()) + 1024) << source.substr(0, 40);
  EXPECT_TRUE(only_own_tags(out)) << source.substr(0, 40);
  plain_text(source, 200);
}

TEST(RenderBounds, HoldForEveryPairOfMarks) {
  for (const std::string& first : atoms()) {
    for (const std::string& second : atoms()) expect_sound(repeated(first + second, 4'096));
  }
}

TEST(RenderBounds, HoldForTheLongestText) {
  for (const std::string& atom : atoms()) expect_sound(repeated(atom));
}

TEST(RenderBounds, HoldForRandomMixtures) {
  std::mt19937 random(20260101);
  for (int round = 0; round < 2'000; ++round) {
    std::string source;
    const std::size_t length = random() % 400;
    for (std::size_t i = 0; i < length; ++i) source += atoms()[random() % atoms().size()];
    expect_sound(source);
  }
}

TEST(RenderBounds, GiveUpOnNestingBombs) {
  for (const std::string atom : {"> ", ">", "- ", "* a", "1. ", "1) ", "+ > "}) {
    const std::string out = html(repeated(atom) + "x");
    EXPECT_THAT(out, Not(HasSubstr("<blockquote>"))) << atom;
  }
  EXPECT_TRUE(nests_too_deeply("fine\n" + repeated("1. ", 300) + "\nx"));
  EXPECT_FALSE(nests_too_deeply(repeated("* ", 300)));
}

TEST(RenderBounds, CutTablesOfMoreCellsThanText) {
  const std::string wide =
      repeated("|a", 12'000) + "\n" + repeated("|---", 24'000) + "\n" + repeated("|\n", 6'000);
  EXPECT_LE(html(wide).size(), max_html_bytes(wide.size()));
}

TEST(RenderBounds, CutReferencesThatMultiply) {
  const std::string source = "[a]: /" + repeated("x", 16'000) + "\n\n" + repeated("[a]", 16'000);
  EXPECT_LE(html(source).size(), max_html_bytes(source.size()));
}

TEST(RenderBounds, TextThatIsNoUtf8IsNotParsed) {
  for (const std::string bad :
       {"\xcf", "\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98"}) {
    // Of its exact size, so that a step beyond its end is seen.
    const std::string text = "*a* [b](java&Tab;script:x) [c](x" + bad;
    const std::vector<char> exact(text.begin(), text.end());
    const std::string_view source(exact.data(), exact.size());
    EXPECT_EQ(render(source, nullptr).html, "<p>*a* [b](java&amp;Tab;script:x) [c](x" + bad + "</p>\n");
    EXPECT_FALSE(is_utf8(source));
    plain_text(source, 200);
  }
  for (const std::string_view good :
       {"", "a", "\x7f", "é", "\xed\x9f\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(good)) << good;
}

TEST(PlainText, TakesTheWordsAlone) {
  EXPECT_EQ(plain_text("# Title\n\nSome *text* with `code`,\n[a link](/x) &amp; ![image](y)\n\n- item", 200),
            "Title Some text with code, a link & image item");
}

TEST(PlainText, IsCutAtAWord) {
  EXPECT_EQ(plain_text("one two three four five", 16), "one two three…");
  EXPECT_EQ(plain_text("onetwothreefour", 5), "onet…");
  EXPECT_EQ(plain_text("éééééé", 4), "ééé…");
  EXPECT_EQ(plain_text("one", 3), "one");
  EXPECT_EQ(plain_text("one", 0), "");
}

}  // namespace
}  // namespace stoa::markdown
