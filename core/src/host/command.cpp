#include "host/command.hpp"

#include <algorithm>

#include "crash/breadcrumb.hpp"
#include "plugins/boundary.hpp"
#include "plugins/call.hpp"
#include "stoa/json.hpp"

namespace stoa::core::host {

namespace {

constexpr int kUsage = 64;
constexpr int kGone = 69;
constexpr int kFailed = 70;

std::string usage(const plugins::CommandEntry& command) {
  std::string text = "usage: stoa " + command.name;
  for (const auto& option : command.options) {
    const std::string shown = "--" + option.name + (option.flag ? "" : " VALUE");
    text += option.required ? " " + shown : " [" + shown + "]";
  }
  text += "\n";
  for (const auto& option : command.options) text += "  --" + option.name + "  " + option.help + "\n";
  return text;
}

// The options as a JSON object; an error says what is wrong with them.
Result<std::string> arguments(const plugins::CommandEntry& command, const std::vector<std::string>& words,
                              std::size_t first) {
  const auto wrong = [](std::string why) { return Error{ErrorCode::validation, std::move(why)}; };
  Json json;
  json.begin_object();
  std::vector<std::string> given;
  for (std::size_t i = first; i < words.size(); ++i) {
    if (words[i].rfind("--", 0) != 0) return wrong("unexpected \"" + words[i] + "\"");
    const auto equals = words[i].find('=');
    const std::string name = words[i].substr(2, equals == std::string::npos ? std::string::npos : equals - 2);
    const auto option = std::find_if(command.options.begin(), command.options.end(),
                                     [&](const auto& o) { return o.name == name; });
    if (option == command.options.end()) return wrong("unknown option --" + name);
    if (std::find(given.begin(), given.end(), name) != given.end())
      return wrong("--" + name + " is given twice");
    given.push_back(name);
    if (option->flag) {
      if (equals != std::string::npos) return wrong("--" + name + " takes no value");
      json.field(name, true);
    } else if (equals != std::string::npos) {
      json.field(name, words[i].substr(equals + 1));
    } else if (i + 1 < words.size()) {
      json.field(name, words[++i]);
    } else {
      return wrong("--" + name + " needs a value");
    }
  }
  for (const auto& option : command.options) {
    if (option.required && std::find(given.begin(), given.end(), option.name) == given.end()) {
      return wrong("--" + option.name + " is required");
    }
  }
  return json.end_object().take();
}

std::size_t words_of(const std::string& name) {
  return 1 + static_cast<std::size_t>(std::count(name.begin(), name.end(), ' '));
}

bool names(const std::vector<std::string>& words, const std::string& name) {
  std::string given;
  for (std::size_t i = 0; i < std::min(words.size(), words_of(name)); ++i) given += (i ? " " : "") + words[i];
  return given == name;
}

}  // namespace

std::string route_lines(const plugins::Snapshot& snapshot) {
  std::string text;
  for (const auto& [method, pattern] : snapshot.route_list) text += method + " " + pattern + "\n";
  return text;
}

std::string command_help(const plugins::Snapshot& snapshot, std::string_view first) {
  std::string text;
  for (const auto& command : snapshot.commands) {
    const std::string& name = command.entry->name;
    if (first.empty() || (name + " ").rfind(std::string(first) + " ", 0) == 0)
      text += "  " + name + "  " + command.entry->help + "\n";
  }
  return text;
}

CommandResult run_command(const plugins::Snapshot& snapshot, const std::vector<std::string>& words) {
  for (const auto& command : snapshot.commands) {
    if (!names(words, command.entry->name)) continue;
    const plugins::Call call = plugins::Call::enter(command.owner);
    if (!call)
      return {kGone, {}, "stoa: the plugin " + command.owner->id + " is being switched off or upgraded\n"};
    if (std::find(words.begin(), words.end(), "--help") != words.end()) return {0, usage(*command.entry), {}};
    const auto json = arguments(*command.entry, words, words_of(command.entry->name));
    if (!json) return {kUsage, {}, "stoa: " + json.error().message + "\n" + usage(*command.entry)};
    CommandResult result;
    const stoa_sink sink = stoa::detail::sink_to(result.out);
    const crash::Breadcrumb here(command.owner->id.c_str(), command.entry->name.c_str());
    plugins::clear_callback_error();
    const stoa_status status = plugins::at_boundary(
        "command", [&] { return command.entry->run(command.entry->self, plugins::str(*json), &sink); });
    if (!result.out.empty() && result.out.back() != '\n') result.out += '\n';
    if (status == STOA_OK) return result;
    const Error error = plugins::take_callback_error(status);
    result.status = error.code == ErrorCode::validation || error.code == ErrorCode::conflict ||
                            error.code == ErrorCode::not_found
                        ? kUsage
                        : kFailed;
    result.err =
        "stoa: " + (error.message.empty() ? std::string("the command failed") : error.message) + "\n";
    for (const FieldError& field : error.fields) {
      result.err +=
          "  " + (field.pointer.empty() ? "" : "--" + field.pointer.substr(1) + ": ") + field.detail + "\n";
    }
    return result;
  }
  std::string name;
  for (const std::string& word : words) {
    if (word.rfind("--", 0) == 0) break;
    name += (name.empty() ? "" : " ") + word;
  }
  const std::string group = command_help(snapshot, name);  // "user --help": what begins with that word
  if (!group.empty() && std::find(words.begin(), words.end(), "--help") != words.end()) return {0, group, {}};
  return {kUsage,
          {},
          "stoa: there is no command \"" + name + "\"\n" + (group.empty() ? command_help(snapshot) : group)};
}

}  // namespace stoa::core::host
