// Text between Markdown's own marks: bare web addresses and @nicknames become links.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stoa::markdown {

class InlineText {
 public:
  InlineText(std::string& html, std::vector<std::string>& mentions,
             const std::function<bool(std::string_view)>& known)
      : html_(html), mentions_(mentions), known_(known) {}

  // A piece of running text. `linked`: it is inside a link already.
  void append(std::string_view text, bool linked);
  // Something else was written; `last` is what a following piece has before it.
  void after(char last) { before_ = last; }

 private:
  // The bytes of `text` that became `anchor`; 0: none.
  std::size_t link(std::string_view text, std::string& anchor);
  std::size_t mention(std::string_view text, std::string& anchor);
  bool accept(std::string_view nickname);

  std::string& html_;
  std::vector<std::string>& mentions_;
  const std::function<bool(std::string_view)>& known_;
  std::map<std::string, bool> asked_;  // in lower case
  char before_ = ' ';
};

}  // namespace stoa::markdown
