#include "validate/arguments.hpp"

#include <string>

#include "stoa/host.hpp"
#include "stoa/json.hpp"

namespace stoa::core::validate {

namespace {

using stoa::detail::view;

template <class T>
bool sized(Watch& watch, const char* call, const T* given, const char* name) {
  if (!given)
    watch.fault(std::string(call) + " was given no " + name);
  else if (given->size < sizeof(std::uint32_t) * 2)
    watch.fault(std::string(call) + " was given a " + name + " of size " + std::to_string(given->size));
  return given != nullptr;
}

void look_at_json(Watch& watch, const char* call, stoa_str text) {
  watch.text(call, text);
  if (!parse_json(view(text))) watch.fault(std::string(call) + " was given text that is not JSON");
}

}  // namespace

void look(Watch& watch, const char* call, stoa_str text) {
  watch.text(call, text);
}

void look(Watch& watch, const char* call, const stoa_response* response) {
  if (!sized(watch, call, response, "stoa_response")) return;
  if (response->status < 200 || response->status > 599)
    watch.fault(std::string(call) + " was given the status " + std::to_string(response->status));
  const std::string_view type = view(response->content_type);
  const bool json = type.empty() || type.find("json") != std::string_view::npos;
  if (json && response->body.len > 0)
    look_at_json(watch, call, response->body);
  else if (type.substr(0, 5) == "text/")
    watch.text(call, response->body);
  for (std::size_t i = 0; i < response->tag_count; ++i) watch.text(call, response->tags[i]);
}
void look(Watch& watch, const char* call, const stoa_error* error) {
  if (sized(watch, call, error, "stoa_error")) watch.text(call, error->message);
}
void look(Watch& watch, const char* call, const stoa_new_event* event) {
  if (!sized(watch, call, event, "stoa_new_event")) return;
  look_at_json(watch, call, event->data);
  for (const stoa_str text : {event->type, event->subject}) watch.text(call, text);
}
void look(Watch& watch, const char* call, const stoa_page_content* page) {
  if (!sized(watch, call, page, "stoa_page_content")) return;
  for (const stoa_str text : {page->title, page->description, page->html}) watch.text(call, text);
  if (page->payload.len > 0) look_at_json(watch, call, page->payload);
}
void look(Watch& watch, const char* call, const stoa_route* route) {
  sized(watch, call, route, "stoa_route");
}
void look(Watch& watch, const char* call, const stoa_filter* filter) {
  sized(watch, call, filter, "stoa_filter");
}
void look(Watch& watch, const char* call, const stoa_subscriber* subscriber) {
  sized(watch, call, subscriber, "stoa_subscriber");
}
void look(Watch& watch, const char* call, const stoa_channel_claim* claim) {
  sized(watch, call, claim, "stoa_channel_claim");
}
void look(Watch& watch, const char* call, const stoa_page* page) {
  sized(watch, call, page, "stoa_page");
}
void look(Watch& watch, const char* call, const stoa_command* command) {
  sized(watch, call, command, "stoa_command");
}
// What is beyond its bounds, the call itself refuses.
void look(Watch& watch, const char* call, const stoa_queue* queue) {
  if (sized(watch, call, queue, "stoa_queue") && queue->size >= STOA_QUEUE_SIZE_1_0)
    watch.text(call, queue->name);
}
void look(Watch& watch, const char* call, const stoa_metric_desc* desc) {
  if (!sized(watch, call, desc, "stoa_metric_desc") || desc->size < STOA_METRIC_DESC_SIZE_1_0) return;
  for (const stoa_str text : {desc->name, desc->help}) watch.text(call, text);
  for (std::size_t i = 0; desc->labels && i < desc->label_count; ++i) watch.text(call, desc->labels[i]);
}

}  // namespace stoa::core::validate
