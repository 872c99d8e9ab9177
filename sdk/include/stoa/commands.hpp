// Commands of `stoa`. Include stoa.hpp instead.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/host.hpp"

namespace stoa {

struct CommandOption {
  std::string_view name;
  std::string_view help;
  bool required = false;
  bool flag = false;
};

namespace detail {

struct CommandCall {
  const Host* host;
  std::function<Result<std::string>(std::string_view)> run;
  static stoa_status run_command(void* self, stoa_str arguments, const stoa_sink* out) noexcept {
    auto& call = *static_cast<CommandCall*>(self);
    return contained(*call.host, "command", [&]() -> Result<void> {
      Result<std::string> text = call.run(view(arguments));
      if (!text) return text.error();
      out->write(out->self, str(*text));
      return {};
    });
  }
};

template <class App>
class Commands {
 public:
  // [create] The arguments are a JSON object; the result is printed.
  void command(std::string_view name, std::string_view help, const std::vector<CommandOption>& options,
               std::function<Result<std::string>(std::string_view arguments)> run) {
    auto& app = static_cast<App&>(*this);
    const Host& host = app.host();
    std::vector<stoa_command_option> all;
    for (const CommandOption& option : options) {
      stoa_command_option c{};
      c.size = sizeof c;
      c.flags = (option.required ? std::uint32_t{STOA_OPTION_REQUIRED} : 0u) |
                (option.flag ? std::uint32_t{STOA_OPTION_FLAG} : 0u);
      c.name = str(option.name);
      c.help = str(option.help);
      all.push_back(c);
    }
    std::vector<const stoa_command_option*> pointers;
    for (const stoa_command_option& option : all) pointers.push_back(&option);
    stoa_command c{};
    c.size = sizeof c;
    c.name = str(name);
    c.help = str(help);
    c.options = pointers.data();
    c.option_count = pointers.size();
    c.run = &CommandCall::run_command;
    c.self = &app.template own<CommandCall>(CommandCall{&host, std::move(run)});
    host.require(host.commands->add(host.ctx, &c));
  }
};

}  // namespace detail

}  // namespace stoa
