// Figures for operators, shown at GET /metrics. Include stoa.hpp instead.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "stoa/host.hpp"

namespace stoa {

// The values of a metric's labels, in their order. Never an id, address or name of a person.
using LabelValues = std::initializer_list<std::string_view>;

namespace detail {

class Metric {
 public:
  Metric() = default;
  Metric(const Host& host, stoa_metric id) : host_(&host), id_(id) {}

 protected:
  using Call = stoa_status (*stoa_metrics_v1::*)(stoa_ctx*, stoa_metric, double, const stoa_str*, size_t);
  void tell(Call call, double amount, LabelValues labels) const {
    if (!host_) return;
    stoa_str values[4] = {};
    size_t count = 0;
    for (const std::string_view label : labels) {
      if (count < 4) values[count++] = str(label);
    }
    (void)host_->call(host_->metrics, call, id_, amount, static_cast<const stoa_str*>(values), count);
  }

 private:
  const Host* host_ = nullptr;  // null: counts nothing
  stoa_metric id_ = 0;
};

}  // namespace detail

// [any-thread] Cheap. One that was not defined counts nothing.
class Counter : public detail::Metric {
 public:
  using Metric::Metric;
  void add(double amount = 1, LabelValues labels = {}) const {
    tell(&stoa_metrics_v1::record, amount, labels);
  }
};
class Gauge : public detail::Metric {
 public:
  using Metric::Metric;
  void set(double value, LabelValues labels = {}) const { tell(&stoa_metrics_v1::set, value, labels); }
  void add(double amount, LabelValues labels = {}) const { tell(&stoa_metrics_v1::record, amount, labels); }
};
class Histogram : public detail::Metric {
 public:
  using Metric::Metric;
  void observe(double value, LabelValues labels = {}) const { tell(&stoa_metrics_v1::record, value, labels); }
};

namespace detail {

// [create] A metric "sent_total" of the plugin "chat" is shown as stoa_chat_sent_total.
template <class App>
class Metrics {
 public:
  // The name ends with "_total".
  Counter counter(std::string_view name, std::string_view help, LabelValues labels = {}) {
    return define<Counter>(STOA_COUNTER, name, help, labels, {});
  }
  Gauge gauge(std::string_view name, std::string_view help, LabelValues labels = {}) {
    return define<Gauge>(STOA_GAUGE, name, help, labels, {});
  }
  // Rising upper bounds, at most 20.
  Histogram histogram(std::string_view name, std::string_view help, std::initializer_list<double> bounds,
                      LabelValues labels = {}) {
    return define<Histogram>(STOA_HISTOGRAM, name, help, labels, bounds);
  }

 private:
  template <class M>
  M define(stoa_metric_kind kind, std::string_view name, std::string_view help, LabelValues labels,
           std::initializer_list<double> bounds) {
    const Host& host = static_cast<App&>(*this).host();
    std::vector<stoa_str> names;
    for (const std::string_view label : labels) names.push_back(str(label));
    stoa_metric_desc c{};
    c.size = sizeof c;
    c.kind = kind;
    c.name = str(name);
    c.help = str(help);
    c.labels = names.data();
    c.label_count = names.size();
    c.bounds = bounds.begin();
    c.bound_count = bounds.size();
    stoa_metric id = 0;
    host.require(host.metrics->define(host.ctx, &c, &id));
    return M(host, id);
  }
};

}  // namespace detail

}  // namespace stoa
