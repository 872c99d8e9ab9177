#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "markdown/markdown.hpp"

namespace stoa::markdown {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

bool nobody(std::string_view) {
  return false;
}

bool everybody(std::string_view) {
  return true;
}

std::string html(std::string_view source) {
  return render(source, nobody).html;
}

TEST(Render, WritesParagraphsEmphasisAndCode) {
  EXPECT_EQ(html("Hello *there*, **you** and ~~them~~ `a < b`"),
            "<p>Hello <em>there</em>, <strong>you</strong> and <del>them</del> <code>a &lt; b</code></p>\n");
}

TEST(Render, EndsASpanWithItsParagraphWhenItsOtherMarkIsInAnAddress) {
  EXPECT_EQ(html("*a [b](c*d) e\n\nf"),
            "<p><em>a <a href=\"c*d\" rel=\"nofollow ugc\">b</a> e</em></p>\n<p>f</p>\n");
  EXPECT_EQ(html("**a [*b*](c**d) _e_"),
            "<p><strong>a <a href=\"c**d\" rel=\"nofollow ugc\"><em>b</em></a> <em>e</em></strong></p>\n");
}

TEST(Render, KeepsLineBreaks) {
  EXPECT_EQ(html("one\ntwo"), "<p>one<br>\ntwo</p>\n");
}

TEST(Render, BeginsHeadingsAtTwo) {
  EXPECT_EQ(html("# A\n\n###### B"), "<h2>A</h2>\n<h6>B</h6>\n");
}

TEST(Render, WritesListsAndTasks) {
  EXPECT_EQ(html("3. x\n4. y"), "<ol start=\"3\">\n<li>x</li>\n<li>y</li>\n</ol>\n");
  EXPECT_THAT(html("- [x] done\n- [ ] open"),
              HasSubstr("<input type=\"checkbox\" disabled checked aria-label=\"Done\"> done"));
}

TEST(Render, WritesTablesWithClassesForAlignment) {
  const std::string out = html("a|b\n---|---:\n1|2");
  EXPECT_THAT(out, HasSubstr("<th>a</th><th class=\"stoa-right\">b</th>"));
  EXPECT_THAT(out, HasSubstr("<td>1</td><td class=\"stoa-right\">2</td>"));
}

TEST(Render, NamesTheLanguageOfCode) {
  EXPECT_EQ(html("```c++\nx\n```"), "<pre tabindex=\"0\"><code class=\"language-c++\">x\n</code></pre>\n");
  EXPECT_EQ(html("```\"><script>\nx\n```"), "<pre tabindex=\"0\"><code>x\n</code></pre>\n");
}

TEST(Render, ResolvesCharacterReferences) {
  EXPECT_EQ(html("&lt; &amp; &#60; &#x3c; &hearts; &#0; &#xD800;"),
            "<p>&lt; &amp; &lt; &lt; &hearts; \uFFFD \uFFFD</p>\n");
}

TEST(RenderLinks, AllowsWebMailAndRelative) {
  EXPECT_EQ(html("[a](https://b.c/d?e=f&g \"t\")"),
            "<p><a href=\"https://b.c/d?e=f&amp;g\" title=\"t\" rel=\"nofollow ugc\">a</a></p>\n");
  EXPECT_THAT(html("[a](/p/1#c2)"), HasSubstr("href=\"/p/1#c2\""));
  EXPECT_THAT(html("<mail@example.org>"), HasSubstr("href=\"mailto:mail@example.org\""));
  EXPECT_THAT(html("[a](HTTP://b)"), HasSubstr("href=\"HTTP://b\""));
}

TEST(RenderLinks, RefusesOtherSchemes) {
  for (const std::string url :
       {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "javascript&colon;alert(1)", "javascript&#58;alert(1)", "&#106;avascript:alert(1)",
        "java&#10;script:alert(1)", "&#1;javascript:alert(1)", "<java\tscript:alert(1)>", "x:y", "blob:a"}) {
    EXPECT_THAT(html("[a](" + url + ")"), Not(HasSubstr("href"))) << url;
    EXPECT_THAT(html("![a](" + url + ")"), Not(HasSubstr("href"))) << url;
    EXPECT_THAT(html("[a]\n\n[a]: " + url), Not(HasSubstr("href"))) << url;
  }
  EXPECT_THAT(html("<javascript:alert(1)>"), Not(HasSubstr("href")));
}

TEST(RenderLinks, KeepsAttributesClosed) {
  EXPECT_EQ(
      html("[a](</\"onclick=\"x> '\"onclick=\"x')"),
      "<p><a href=\"/%22onclick=%22x\" title=\"&quot;onclick=&quot;x\" rel=\"nofollow ugc\">a</a></p>\n");
}

TEST(RenderLinks, TurnsImagesIntoLinks) {
  EXPECT_EQ(html("![cat](https://b.c/cat.png)"),
            "<p><a href=\"https://b.c/cat.png\" rel=\"nofollow ugc\">cat</a></p>\n");
  EXPECT_EQ(html("[![cat](https://b.c/cat.png)](/p)"),
            "<p><a href=\"/p\" rel=\"nofollow ugc\">cat</a></p>\n");
}

TEST(RenderLinks, FindsBareAddresses) {
  EXPECT_EQ(html("(see https://b.c/d_e_(f).)"),
            "<p>(see <a href=\"https://b.c/d_e_(f)\" rel=\"nofollow ugc\">https://b.c/d_e_(f)</a>.)</p>\n");
  EXPECT_THAT(html("www.b.c"), HasSubstr("href=\"http://www.b.c\""));
  EXPECT_THAT(html("xhttps://b.c https:// `https://b.c` www."), Not(HasSubstr("href")));
  EXPECT_EQ(html("[https://b.c](/d)"), "<p><a href=\"/d\" rel=\"nofollow ugc\">https://b.c</a></p>\n");
}

TEST(RenderHtml, IsNeverRaw) {
  for (const std::string source :
       {"<script>alert(1)</script>", "a <b onclick=x>c</b>", "<!-- x -->", "<img src=x onerror=y>",
        "<?php x ?>", "<![CDATA[x]]>", "<svg/onload=x>", "`<script>`", "    <script>", "[<b>](x)",
        "a|<b>\n---|---\n<i>|c", "# <script>", "- <iframe>", "[a](x '<b>')"}) {
    const std::string out = html(source);
    for (const std::string tag :
         {"<script", "<b ", "<b>", "<img", "<!--", "<?", "<![", "<svg", "<iframe", "<i>"})
      EXPECT_THAT(out, Not(HasSubstr(tag))) << source;
  }
}

TEST(RenderMentions, LinksKnownNicknamesOnly) {
  const auto known = [](std::string_view name) { return name == "alice" || name == "Bob_1"; };
  const Rendered out = render("@alice, @Bob_1- and @carol", known);
  EXPECT_EQ(out.html,
            "<p><a class=\"stoa-mention\" href=\"/u/alice\">@alice</a>, "
            "<a class=\"stoa-mention\" href=\"/u/Bob_1\">@Bob_1</a>- and @carol</p>\n");
  EXPECT_THAT(out.mentions, ElementsAre("alice", "Bob_1"));
}

TEST(RenderMentions, CountsEachNameOnce) {
  EXPECT_THAT(render("@Alice @alice @ALICE", everybody).mentions, ElementsAre("Alice"));
}

TEST(RenderMentions, AreAtMostTen) {
  std::string source;
  for (int i = 10; i < 40; ++i) source += "@user" + std::to_string(i) + " ";
  const Rendered out = render(source, everybody);
  EXPECT_EQ(out.mentions.size(), kMaxMentions);
  EXPECT_THAT(out.html, Not(HasSubstr("/u/user20")));
}

TEST(RenderMentions, AreNotInCodeLinksAddressesOrWords) {
  for (const std::string source :
       {"`@alice`", "```\n@alice\n```", "[@alice](/x)", "me@alice", "@@alice", "/@alice", "@alice@example",
        "\\@alice", "@al", "@abcdefghijklmnopqrstuvwxyz", "https://b.c/@alice"}) {
    EXPECT_THAT(render(source, everybody).mentions, IsEmpty()) << source;
  }
}

TEST(RenderMentions, AsksABoundedNumberOfTimes) {
  std::string source;
  for (int i = 0; i < 3000; ++i) source += "@u" + std::to_string(1000 + i) + " ";
  int asked = 0;
  render(source, [&](std::string_view) { return ++asked, false; });
  EXPECT_LE(asked, 64);
}

}  // namespace
}  // namespace stoa::markdown
