#include "page_html.hpp"

#include "stoa/html.hpp"
#include "stoa/list.hpp"
#include "stoa/time.hpp"
#include "stored_lists.hpp"

namespace stoa::posts {
namespace {

class Html {
 public:
  Html& raw(std::string_view markup) { return out_ += markup, *this; }
  Html& text(std::string_view text) { return append_html_escaped(out_, text), *this; }
  Html& number(std::int64_t number) { return out_ += std::to_string(number), *this; }
  Html& time(std::int64_t time_ms) {
    const std::string exact = rfc3339(time_ms);
    return raw("<time datetime=\"")
        .raw(exact)
        .raw("\">")
        .raw(std::string_view(exact).substr(0, 10))
        .raw("</time>");
  }
  // "3 comments"
  Html& count(std::int64_t count, std::string_view one) {
    return number(count).raw(" ").raw(one).raw(count == 1 ? "" : "s");
  }
  Html& person(const Names& names, UserId id) {
    const std::string_view nickname = nickname_of(names, id);
    if (!names.count(id)) return text(nickname);
    return raw("<a class=\"stoa-author\" href=\"/u/").text(nickname).raw("\">").text(nickname).raw("</a>");
  }
  Html& avatar(const Names& names, UserId id, std::string_view size) {
    return raw("<span class=\"stoa-avatar stoa-avatar-")
        .raw(size)
        .raw("\" aria-hidden=\"true\" data-initials=\"")
        .text(nickname_of(names, id).substr(0, 2))
        .raw("\"></span>");
  }
  Html& category(const Category& category) {
    return raw("<a class=\"stoa-category\" href=\"/c/")
        .text(category.slug)
        .raw("\">")
        .text(category.name)
        .raw("</a>");
  }
  Html& categories(const Post& post, const Surroundings& around) {
    for (const CategoryId id : stored_ids(post.category_ids)) {
      for (const Category& one : around.categories) {
        if (one.id == id) category(one).raw(" ");
      }
    }
    return *this;
  }
  // A link to what follows, for those who walk without scripts.
  Html& more(std::string_view path, const Place& next, std::string_view label) {
    return raw("<nav class=\"stoa-more\" aria-label=\"Pages\"><a rel=\"next\" href=\"")
        .text(path)
        .raw("?cursor=")
        .raw(encode_place(next))
        .raw("\">")
        .text(label)
        .raw("</a></nav>\n");
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void write_card(Html& html, const Post& post, const Surroundings& around) {
  html.raw("<li><article class=\"stoa-card\">")
      .avatar(around.names, post.author, "m")
      .raw("<h2 class=\"stoa-card-title\"><a href=\"")
      .text(path_of(post))
      .raw("\">")
      .text(post.title)
      .raw("</a></h2>\n<p class=\"stoa-card-excerpt\">")
      .text(post.excerpt)
      .raw("</p>\n<div class=\"stoa-meta\">")
      .person(around.names, post.author)
      .raw(" ")
      .categories(post, around)
      .time(post.last_activity_at)
      .raw(" <span class=\"stoa-meta-count\">")
      .count(post.comment_count, "comment")
      .raw("</span> <span class=\"stoa-meta-count\">")
      .count(post.likes, "like")
      .raw("</span></div></article></li>\n");
}

void write_comment(Html& html, const Comment& comment, const Names& names) {
  html.raw("<li><article class=\"stoa-comment\" id=\"comment-").number(comment.id.value).raw("\">");
  if (comment.deleted_at) {
    html.raw("<p class=\"stoa-comment-deleted\">This comment was deleted.</p>");
  } else {
    html.avatar(names, comment.author, "s")
        .raw("<p class=\"stoa-meta\">")
        .person(names, comment.author)
        .raw(" ")
        .time(comment.created_at)
        .raw("</p>\n<div class=\"stoa-prose\">")
        .raw(comment.text.html)
        .raw("</div>");
  }
  html.raw("</article></li>\n");
}

}  // namespace

std::string path_of(const Post& post) {
  return "/p/" + std::to_string(post.id.value) + "/" + post.slug;
}

std::string feed_html(std::string_view title, std::string_view lead, const FeedPage& page,
                      std::string_view path) {
  Html html;
  html.raw("<h1 class=\"stoa-heading\">").text(title).raw("</h1>\n");
  if (!lead.empty()) html.raw("<p class=\"stoa-posts-lead\">").text(lead).raw("</p>\n");
  html.raw("<nav aria-label=\"Categories\">");
  for (const Category& category : page.around.categories) html.category(category).raw(" ");
  html.raw("</nav>\n");
  if (page.items.empty()) {
    html.raw("<p class=\"stoa-hint\">Nobody has written here yet.</p>\n");
  } else {
    html.raw("<ol class=\"stoa-feed\">\n");
    for (const Post& post : page.items) write_card(html, post, page.around);
    html.raw("</ol>\n");
  }
  if (page.next) html.more(path, *page.next, "Older posts");
  return html.take();
}

std::string post_html(const PostView& view, const CommentPage& comments) {
  const Post& post = view.full.post;
  const Names& names = view.around.names;
  Html html;
  html.raw("<article class=\"stoa-post\">\n<header class=\"stoa-post-head\"><h1 class=\"stoa-heading\">")
      .text(post.title)
      .raw("</h1>\n<div class=\"stoa-meta\">")
      .avatar(names, post.author, "s")
      .person(names, post.author)
      .raw(" ")
      .time(post.created_at)
      .raw(" ")
      .categories(post, view.around);
  for (const std::string& tag : stored_tags(post.tags))
    html.raw("<span class=\"stoa-tag\">").text(tag).raw("</span> ");
  html.raw("</div></header>\n<div class=\"stoa-prose stoa-prose-post\">")
      .raw(view.full.text.html)
      .raw(
          "</div>\n</article>\n<section class=\"stoa-comments\" aria-label=\"Comments\">"
          "<div class=\"stoa-comments-head\"><h2>")
      .count(post.comment_count, "comment")
      .raw("</h2></div>\n");
  if (!comments.items.empty()) {
    html.raw("<ol>\n");
    for (const Comment& comment : comments.items) write_comment(html, comment, comments.names);
    html.raw("</ol>\n");
  }
  if (comments.next) html.more(path_of(post), *comments.next, "More comments");
  return html.raw("</section>\n").take();
}

}  // namespace stoa::posts
