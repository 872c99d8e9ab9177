#include <array>
#include <cmath>
#include <span>
#include <string>

#include "http/utf8.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "plugins/tables.hpp"

namespace stoa::core::plugins {

namespace {

using metrics::Kind;

constexpr std::size_t kMostMetrics = 100;
constexpr std::size_t kMostLabels = 4;
constexpr std::size_t kMostBounds = 20;
constexpr std::size_t kLongestValue = 64;  // bytes
constexpr std::string_view kTotal = "_total";

bool ends_with_total(std::string_view name) {
  return name.size() > kTotal.size() && name.substr(name.size() - kTotal.size()) == kTotal;
}

// What is wrong with a description; empty: nothing.
std::string_view mistake(const stoa_metric_desc* desc) {
  if (!is_whole(desc, STOA_METRIC_DESC_SIZE_1_0)) return "the description is missing or too small";
  if (desc->kind > STOA_HISTOGRAM) return "unknown kind";
  if (!is_name(view(desc->name), 64)) return "a name is [a-z][a-z0-9_]{0,63}";
  if ((desc->kind == STOA_COUNTER) != ends_with_total(view(desc->name)))
    return "the name of a counter, and of nothing else, ends with _total";
  if (view(desc->help).empty() || !http::is_utf8(view(desc->help))) return "help is required";
  if (desc->label_count > kMostLabels || (desc->label_count > 0 && !desc->labels)) return "at most 4 labels";
  for (std::size_t i = 0; i < desc->label_count; ++i) {
    if (!is_name(view(desc->labels[i]), 32) || view(desc->labels[i]) == "le")
      return "a label is [a-z][a-z0-9_]{0,31}";
    for (std::size_t other = 0; other < i; ++other) {
      if (view(desc->labels[other]) == view(desc->labels[i])) return "a label is there twice";
    }
  }
  if ((desc->kind == STOA_HISTOGRAM) != (desc->bound_count > 0)) return "histograms have bounds, others none";
  if (desc->bound_count > kMostBounds || (desc->bound_count > 0 && !desc->bounds)) return "at most 20 bounds";
  for (std::size_t i = 0; i < desc->bound_count; ++i) {
    if (!std::isfinite(desc->bounds[i]) || (i > 0 && desc->bounds[i] <= desc->bounds[i - 1]))
      return "the bounds must rise";
  }
  return {};
}

// The number of the generation is in the metric, so that another's is found out.
stoa_metric id_of(const stoa_ctx& ctx, std::size_t index) {
  return (stoa_metric{ctx.number} << 16) | (index + 1);
}
metrics::Family* family_of(const stoa_ctx& ctx, stoa_metric metric) {
  const std::size_t index = (metric & 0xFFFF) - 1;
  const metrics::Families& all = ctx.contributions.metrics;
  return metric >> 16 == ctx.number && index < all.size() ? all[index].get() : nullptr;
}

stoa_status define(stoa_ctx* ctx, const stoa_metric_desc* desc, stoa_metric* metric) {
  constexpr std::string_view kCall = "metrics.define";
  return at_boundary(kCall, [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, kCall);
    if (const std::string_view why = mistake(desc); !why.empty()) return argument(*ctx, kCall, why);
    if (!metric) return argument(*ctx, kCall, "metric is required");
    metrics::Families& all = ctx->contributions.metrics;
    if (all.size() >= kMostMetrics) return failed({ErrorCode::overloaded, "Too many metrics."});
    metrics::Description description{.kind = static_cast<Kind>(desc->kind),
                                     .name = "stoa_" + ctx->id + "_" + std::string(view(desc->name)),
                                     .help = std::string(view(desc->help)),
                                     .bounds = {desc->bounds, desc->bounds + desc->bound_count}};
    for (const auto& other : all) {
      if (other->description().name == description.name)
        return argument(*ctx, kCall, "there is one of that name");
    }
    for (std::size_t i = 0; i < desc->label_count; ++i)
      description.labels.emplace_back(view(desc->labels[i]));
    all.push_back(ctx->host.jobs->registry().make(std::move(description)));
    *metric = id_of(*ctx, all.size() - 1);
    return STOA_OK;
  });
}

// Finds the cell and calls use(family, cell).
template <class F>
stoa_status with_cell(stoa_ctx* ctx, std::string_view call, stoa_metric metric, double amount,
                      const stoa_str* values, std::size_t count, F&& use) {
  return at_boundary(call, [&]() -> stoa_status {
    metrics::Family* family = family_of(*ctx, metric);
    if (!family) return broken(*ctx, STOA_E_STALE, call, "this metric was not defined by this generation");
    if (std::isnan(amount)) return argument(*ctx, call, "this is not a number");
    if (count != family->description().labels.size() || (count > 0 && !values))
      return argument(*ctx, call, "as many values as labels are required");
    std::array<std::string_view, kMostLabels> texts;
    for (std::size_t i = 0; i < count; ++i) {
      texts[i] = view(values[i]);
      if (texts[i].size() > kLongestValue || !http::is_utf8(texts[i]))
        return argument(*ctx, call, "a value is UTF-8 of at most 64 bytes");
    }
    return use(*family, family->at(std::span(texts.data(), count)));
  });
}

stoa_status record(stoa_ctx* ctx, stoa_metric metric, double amount, const stoa_str* values,
                   std::size_t count) {
  constexpr std::string_view kCall = "metrics.record";
  return with_cell(ctx, kCall, metric, amount, values, count,
                   [&](const metrics::Family& family, metrics::Cell& cell) -> stoa_status {
                     const metrics::Description& what = family.description();
                     if (what.kind == Kind::counter && amount < 0)
                       return argument(*ctx, kCall, "a counter does not fall");
                     if (what.kind == Kind::histogram) {
                       cell.observe(amount, what.bounds);
                     } else {
                       cell.add(amount);
                     }
                     return STOA_OK;
                   });
}

stoa_status set(stoa_ctx* ctx, stoa_metric metric, double amount, const stoa_str* values, std::size_t count) {
  constexpr std::string_view kCall = "metrics.set";
  return with_cell(ctx, kCall, metric, amount, values, count,
                   [&](const metrics::Family& family, metrics::Cell& cell) -> stoa_status {
                     if (family.description().kind != Kind::gauge)
                       return argument(*ctx, kCall, "only a gauge can be set");
                     cell.set(amount);
                     return STOA_OK;
                   });
}

}  // namespace

const stoa_metrics_v1* metrics_table() {
  static const stoa_metrics_v1 table = {sizeof table, 0, &define, &record, &set};
  return &table;
}

}  // namespace stoa::core::plugins
