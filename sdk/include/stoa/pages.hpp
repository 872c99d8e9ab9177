// Pages: the public view, for readers without scripts and for the first paint. Include stoa.hpp instead.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/host.hpp"
#include "stoa/request.hpp"

namespace stoa {

struct Page {
  int status = 200;
  std::string title;
  std::string description;  // plain text
  std::string canonical;    // path of the page's one true address; empty: as requested
  std::string html;         // semantic, already safe
  std::string payload;      // JSON: what the application would have fetched first
  std::vector<std::string> tags;
  std::uint64_t seq = 0;
};

namespace detail {

struct PageCall {
  const Host* host;
  std::function<Result<Page>(Request&)> handler;
  static stoa_status run(void* self, stoa_request* c) noexcept {
    auto& call = *static_cast<PageCall*>(self);
    return contained(*call.host, "page", [&]() -> Result<void> {
      Request request(*call.host, c);
      Result<Page> page = call.handler(request);
      if (!page) return page.error();
      std::vector<stoa_str> tags;
      for (const std::string& tag : page->tags) tags.push_back(str(tag));
      stoa_page_content content{};
      content.size = sizeof content;
      content.status = static_cast<std::uint32_t>(page->status);
      content.title = str(page->title);
      content.description = str(page->description);
      content.canonical = str(page->canonical);
      content.html = str(page->html);
      content.payload = str(page->payload);
      content.tags = tags.data();
      content.tag_count = tags.size();
      content.seq = page->seq;
      return call.host->check(call.host->ui->render(c, &content));
    });
  }
};

template <class App>
class Pages {
 public:
  // [create] The handler fails with ErrorCode::not_found for a 404 page.
  void page(std::string_view pattern, std::string_view name, std::function<Result<Page>(Request&)> handler) {
    auto& app = static_cast<App&>(*this);
    const Host& host = app.host();
    stoa_page c{};
    c.size = sizeof c;
    c.pattern = str(pattern);
    c.name = str(name);
    c.handler = &PageCall::run;
    c.self = &app.template own<PageCall>(PageCall{&host, std::move(handler)});
    host.require(host.ui->page(host.ctx, &c));
  }
};

}  // namespace detail

}  // namespace stoa
