#include "routes.hpp"

#include <stoa/json.hpp>

namespace stoa::polls {

namespace {

constexpr std::size_t kMostOptions = 20;

void write_poll(Json& json, const Poll& poll) {
  json.field("id", poll.id.value)
      .field("question", poll.question)
      .time_field("created_at", poll.created_at)
      .time_field("closes_at", poll.closes_at)
      .field("closed", poll.closed);
}

}  // namespace

std::string Routes::json_of(const PollWithOptions& whole) const {
  const auto author = identity_.lookup(whole.poll.author);
  Json json;
  json.begin_object();
  write_poll(json, whole.poll);
  json.key("author").begin_object().field("id", whole.poll.author.value).key("nickname");
  author && *author ? json.value((*author)->nickname) : json.value(nullptr);
  json.end_object().key("options").begin_array();
  for (const Option& option : whole.options) {
    json.begin_object()
        .field("id", option.id.value)
        .field("text", option.text)
        .field("votes", option.votes)
        .end_object();
  }
  return json.end_array().end_object().take();
}

Response Routes::list(Request&) {
  auto polls = service_.latest();
  if (!polls) return polls.error();
  Json json;
  json.begin_object().key("items").begin_array();
  for (const Poll& poll : *polls) {
    json.begin_object();
    write_poll(json, poll);
    json.end_object();
  }
  return stoa::json(200, json.end_array().raw_field("next", "null").end_object().take()).shared({"latest"}, 0);
}

Response Routes::create(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  NewPoll poll;
  poll.author = request.require_user().id;
  poll.question = fields->text("question", {3, 200});
  poll.options = fields->optional_texts("options", kMostOptions, {1, 100}).value_or(std::vector<std::string>());
  poll.days = fields->optional_integer("days", 1, 365).value_or(7);
  if (poll.options.size() < 2) fields->reject("options", "too_few", "needs at least 2");
  if (auto good = fields->finish(); !good) return good.error();
  auto created = service_.create(std::move(poll));
  if (!created) return created.error();
  return stoa::json(201, json_of(*created))
      .header("Location", "/api/v1/x/polls/polls/" + std::to_string(created->poll.id.value))
      .at(created->seq);
}

Response Routes::get(Request& request) {
  const auto id = request.id<PollId>("id");
  auto poll = service_.get(id);
  if (!poll) return poll.error();
  return stoa::json(200, json_of(*poll)).shared({name_of(id)}, poll->seq);
}

Response Routes::remove(Request& request) {
  auto removed =
      service_.remove(request.id<PollId>("id"), request.require_user(), request.allowed(kModerate));
  if (!removed) return removed.error();
  return no_content();
}

Response Routes::my_vote(Request& request) {
  auto vote = service_.vote_of(request.id<PollId>("id"), request.require_user().id);
  if (!vote) return vote.error();
  Json json;
  json.begin_object().key("option_id");
  *vote ? json.value((*vote)->value) : json.value(nullptr);
  return stoa::json(200, json.end_object().take());
}

Response Routes::vote(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  const OptionId option{fields->integer("option_id", 1, Fields::kMaxId)};
  if (auto good = fields->finish(); !good) return good.error();
  auto poll = service_.vote(request.id<PollId>("id"), request.require_user().id, option);
  if (!poll) return poll.error();
  return stoa::json(200, json_of(*poll)).at(poll->seq);
}

Result<Page> Routes::list_page(Request&) {
  auto polls = service_.latest();
  if (!polls) return polls.error();
  Page page;
  page.title = "Polls";
  page.html = "<h1 class=\"stoa-heading\">Polls</h1><ol class=\"stoa-feed\">";
  for (const Poll& poll : *polls) {
    page.html += "<li><article class=\"stoa-card\"><h2 class=\"stoa-card-title\"><a href=\"/x/polls/" +
                 std::to_string(poll.id.value) + "\">" + html_escaped(poll.question) + "</a></h2></article></li>";
  }
  page.html += "</ol>";
  page.tags = {"latest"};
  return page;
}

Result<Page> Routes::poll_page(Request& request) {
  const auto id = request.id<PollId>("id");
  auto whole = service_.get(id);
  if (!whole) return whole.error();
  Page page;
  page.title = whole->poll.question;
  page.html = "<h1 class=\"stoa-heading\">" + html_escaped(whole->poll.question) + "</h1><ol>";
  for (const Option& option : whole->options)
    page.html += "<li>" + html_escaped(option.text) + ": " + std::to_string(option.votes) + "</li>";
  page.html += "</ol>";
  page.payload = json_of(*whole);
  page.tags = {name_of(id)};
  page.seq = whole->seq;
  return page;
}

}  // namespace stoa::polls
