#include "stoa/html.hpp"

#include <gmock/gmock.h>

namespace stoa {
namespace {

TEST(HtmlEscaped, TextStandsForItself) {
  EXPECT_EQ(html_escaped(""), "");
  EXPECT_EQ(html_escaped("plain, größer"), "plain, größer");
  EXPECT_EQ(html_escaped("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(html_escaped("&amp;"), "&amp;amp;");
  EXPECT_EQ(html_escaped("end<"), "end&lt;");
}

TEST(AppendHtmlEscaped, KeepsWhatWasThere) {
  std::string out = "<p>";
  append_html_escaped(out, "1 < 2");
  EXPECT_EQ(out, "<p>1 &lt; 2");
}

}  // namespace
}  // namespace stoa
