/* One metric of each kind. */
#include "conform.h"

stoa_status define_metrics(conform* self) {
  static const double bounds[] = {0.1, 1, 10};
  const stoa_str label = text("how");
  const stoa_metric_desc asked = {
      sizeof asked, STOA_COUNTER, text("asked_total"), text("Questions."), &label, 1, NULL, 0};
  const stoa_metric_desc level = {sizeof level, STOA_GAUGE, text("level"), text("How high it is."),
                                  NULL,         0,          NULL,          0};
  const stoa_metric_desc seconds = {
      sizeof seconds, STOA_HISTOGRAM, text("seconds"), text("How long it took."), NULL, 0, bounds, 3};
  stoa_status status = self->metrics->define(self->ctx, &asked, &self->asked);
  if (status == STOA_OK) status = self->metrics->define(self->ctx, &level, &self->level);
  if (status == STOA_OK) status = self->metrics->define(self->ctx, &seconds, &self->seconds);
  return status;
}

void count(void* opaque, stoa_request* request) {
  conform* self = opaque;
  const stoa_metrics_v1* metrics = self->metrics;
  stoa_str how = self->routes->query(request, text("how"));
  stoa_status status;
  if (!how.ptr) how = text("plainly");
  status = metrics->record(self->ctx, self->asked, 1, &how, 1);
  if (status == STOA_OK) status = metrics->set(self->ctx, self->level, 3, NULL, 0);
  if (status == STOA_OK) status = metrics->record(self->ctx, self->level, -0.5, NULL, 0);
  if (status == STOA_OK) status = metrics->record(self->ctx, self->seconds, 0.5, NULL, 0);
  if (status != STOA_OK) {
    pass_on(self, request, status);
    return;
  }
  answer(self, request, 204, "");
}
