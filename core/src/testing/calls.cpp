#include "testing/calls.hpp"

#include <map>

#include "stoa/host.hpp"
#include "stoa/json.hpp"

namespace stoa::core::testing {

namespace {

using Arguments = rapidjson::Value;
using Call = Result<std::string> (*)(Bench&, const Arguments&);

const Arguments& at(const Arguments& arguments, const char* name) {
  const auto member = arguments.FindMember(name);
  if (member == arguments.MemberEnd())
    throw std::invalid_argument(std::string("\"") + name + "\" is missing");
  return member->value;
}
std::string text(const Arguments& arguments, const char* name) {
  const Arguments& value = at(arguments, name);
  return {value.GetString(), value.GetStringLength()};
}
std::int64_t number(const Arguments& arguments, const char* name) {
  return at(arguments, name).GetInt64();
}
int client(const Arguments& arguments) {
  return at(arguments, "client").GetInt();
}
std::vector<std::string> texts(const Arguments& arguments, const char* name) {
  std::vector<std::string> all;
  for (const auto& value : at(arguments, name).GetArray())
    all.emplace_back(value.GetString(), value.GetStringLength());
  return all;
}

std::string nothing() {
  return "{}";
}
template <class T>
std::string one(std::string_view name, const T& value) {
  return Json().begin_object().field(name, value).end_object().take();
}

Error error_named(const std::string& name) {
  static const std::map<std::string, ErrorCode> kCodes = {
      {"conflict", ErrorCode::conflict}, {"overloaded", ErrorCode::overloaded},
      {"timeout", ErrorCode::timeout},   {"unavailable", ErrorCode::unavailable},
      {"internal", ErrorCode::internal}, {"forbidden", ErrorCode::forbidden}};
  const auto code = kCodes.find(name);
  if (code == kCodes.end()) throw std::invalid_argument("storage has no error \"" + name + "\"");
  return {code->second, "Storage fails because the test says so."};
}

Result<std::string> user(Bench& bench, const Arguments& arguments) {
  auto id = bench.add_user(text(arguments, "nickname"), text(arguments, "role"));
  if (!id) return id.error();
  return one("id", *id);
}

Result<std::string> connect(Bench& bench, const Arguments& arguments) {
  auto made = bench.connect(number(arguments, "user"));
  if (!made) return made.error();
  return one("client", *made);
}

Result<std::string> disconnect(Bench& bench, const Arguments& arguments) {
  bench.hub().disconnect(client(arguments));
  return nothing();
}

Result<std::string> subscribe(Bench& bench, const Arguments& arguments) {
  std::optional<std::uint64_t> since;
  if (arguments.HasMember("since")) since = at(arguments, "since").GetUint64();
  return one("problem", bench.hub().subscribe(client(arguments), text(arguments, "channel"), since));
}

Result<std::string> operate(Bench& bench, const Arguments& arguments) {
  const std::string problem = bench.hub().operate(client(arguments), text(arguments, "op"),
                                                  text(arguments, "channel"), text(arguments, "message"));
  return Json().begin_object().raw_field("problem", problem.empty() ? "null" : problem).end_object().take();
}

Result<std::string> frames(Bench& bench, const Arguments& arguments) {
  Json json;
  json.begin_object().key("items").begin_array();
  for (const std::string& frame : bench.hub().take_frames(client(arguments))) json.raw(frame);
  return json.end_array().end_object().take();
}

Result<std::string> events(Bench& bench, const Arguments&) {
  Json json;
  json.begin_object().key("items").begin_array();
  for (const EventPtr& event : bench.hub().events()) {
    json.begin_object()
        .field("seq", static_cast<std::int64_t>(event->seq))
        .field("time_ms", event->time_ms)
        .field("owner", event->owner)
        .field("type", event->type)
        .field("subject", event->subject)
        .key("channels")
        .begin_array();
    for (const std::string& channel : event->channels) json.value(channel);
    json.end_array().raw_field("data", event->data).end_object();
  }
  return json.end_array().end_object().take();
}

Result<std::string> emit(Bench& bench, const Arguments& arguments) {
  auto seq = bench.emit(text(arguments, "owner"), {text(arguments, "type"), text(arguments, "subject"),
                                                   texts(arguments, "channels"), text(arguments, "data")});
  if (!seq) return seq.error();
  return one("seq", static_cast<std::int64_t>(*seq));
}

Result<std::string> settle(Bench& bench, const Arguments&) {
  if (!bench.settle()) return Error{ErrorCode::timeout, "a durable subscriber does not come to its end"};
  return nothing();
}

Result<std::string> advance(Bench& bench, const Arguments& arguments) {
  bench.advance(number(arguments, "ms"));
  return one("now_ms", bench.world().wall_ms());
}

Result<std::string> fail_writes(Bench& bench, const Arguments& arguments) {
  bench.database().fail_writes(error_named(text(arguments, "error")), at(arguments, "count").GetInt());
  return nothing();
}

Result<std::string> fail_reads(Bench& bench, const Arguments& arguments) {
  bench.database().fail_reads(error_named(text(arguments, "error")), at(arguments, "count").GetInt());
  return nothing();
}

Result<std::string> service(Bench& bench, const Arguments& arguments) {
  bench.world().withhold(text(arguments, "id"), at(arguments, "gone").GetBool());
  return nothing();
}

Result<std::string> command(Bench& bench, const Arguments& arguments) {
  const host::CommandResult result = bench.command(texts(arguments, "words"));
  return Json()
      .begin_object()
      .field("status", result.status)
      .field("out", result.out)
      .field("err", result.err)
      .end_object()
      .take();
}

Result<std::string> logs(Bench& bench, const Arguments&) {
  Json json;
  json.begin_object().key("items").begin_array();
  for (const std::string& line : bench.world().logs()) json.value(line);
  return json.end_array().end_object().take();
}

Result<std::string> restart(Bench& bench, const Arguments&) {
  if (auto done = bench.restart(); !done) return done.error();
  return nothing();
}

}  // namespace

Result<std::string> call(Bench& bench, std::string_view name, const rapidjson::Value& arguments) {
  static const std::map<std::string_view, Call> kCalls = {{"user", &user},
                                                          {"connect", &connect},
                                                          {"disconnect", &disconnect},
                                                          {"subscribe", &subscribe},
                                                          {"operate", &operate},
                                                          {"frames", &frames},
                                                          {"events", &events},
                                                          {"emit", &emit},
                                                          {"settle", &settle},
                                                          {"advance", &advance},
                                                          {"fail_writes", &fail_writes},
                                                          {"fail_reads", &fail_reads},
                                                          {"service", &service},
                                                          {"command", &command},
                                                          {"logs", &logs},
                                                          {"restart", &restart}};
  const auto found = kCalls.find(name);
  if (found == kCalls.end())
    return Error{ErrorCode::unsupported, "there is no call \"" + std::string(name) + "\""};
  return found->second(bench, arguments);
}

}  // namespace stoa::core::testing
