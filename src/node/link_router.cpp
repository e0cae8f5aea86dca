#include "src/node/link_router.hpp"

#include <utility>
#include <variant>

namespace vigil {

/// Passes on what one layer reports of the links that are its own.
class link_router::filter final : public link_listener {
public:
  filter(link_router& router, link_layer& layer, link_listener& listener)
    : router_(router),
      layer_(layer),
      listener_(listener) {
    // nop
  }

  void on_link(const control_event& what) override {
    heard_ = true;
    if (auto up = std::get_if<event::link_up>(&what))
      on_up(*up, what);
    else if (auto down = std::get_if<event::link_down>(&what))
      on_down(down->peer, what);
    else if (auto failed = std::get_if<event::link_failed>(&what))
      on_failed(failed->peer, what);
  }

  void on_received(node_name peer, const control_message& message) override {
    heard_ = true;
    auto x = claim_of(peer);
    if (x != nullptr && x->layer == &layer_ && x->up)
      listener_.on_received(peer, message);
  }

  /// Returns whether there was anything to hear.
  bool heard() const noexcept {
    return heard_;
  }

private:
  /// Returns whose `peer` is; null if nobody's.
  const claim* claim_of(node_name peer) const {
    auto i = router_.claims_.find(peer);
    return i != router_.claims_.end() ? &i->second : nullptr;
  }

  void on_up(const event::link_up& x, const control_event& what) {
    if (router_.admit(layer_, x.peer))
      listener_.on_link(what);
    else
      layer_.close_link(x.peer, {down_cause::refused, errc::already_connected,
                                 "there is a link of another kind"});
  }

  void on_down(node_name peer, const control_event& what) {
    auto i = router_.claims_.find(peer);
    // Of a link that was not let in: nobody else waits for its end.
    if (i == router_.claims_.end() || i->second.layer != &layer_)
      return layer_.loss_done(peer);
    i->second.up = false;
    listener_.on_link(what);
  }

  void on_failed(node_name peer, const control_event& what) {
    auto x = claim_of(peer);
    // Another layer has succeeded meanwhile, and nobody waits for this one.
    if (x != nullptr && x->layer != &layer_)
      return layer_.loss_done(peer);
    // During a loss the peer stays the layer's until that is done.
    if (!layer_.has_link(peer))
      router_.claims_.erase(peer);
    listener_.on_link(what);
  }

  link_router& router_;
  link_layer& layer_;
  link_listener& listener_;
  bool heard_ = false;
};

link_router::link_router(const session_config& config, work_meter& meter)
  : sessions_(config, meter) {
  // nop
}

void link_router::add(std::unique_ptr<link_layer> layer) {
  others_.push_back(std::move(layer));
}

// -- transport ----------------------------------------------------------------

void link_router::open_link(node_name peer, bool keep) {
  auto& layer = layer_of(peer);
  if (!others_.empty())
    claims_.emplace(peer, claim{&layer, false});
  layer.open_link(peer, keep);
}

void link_router::close_link(node_name peer, const farewell& why) {
  layer_of(peer).close_link(peer, why);
}

void link_router::loss_done(node_name peer) {
  auto& layer = layer_of(peer);
  layer.loss_done(peer);
  // The next link may be of any kind.
  claims_.erase(peer);
}

link_layer& link_router::layer_of(node_name peer) {
  if (others_.empty())
    return sessions_;
  if (auto i = claims_.find(peer); i != claims_.end())
    return *i->second.layer;
  for (auto& layer : others_)
    if (layer->serves(peer))
      return *layer;
  return sessions_;
}

bool link_router::admit(link_layer& layer, node_name peer) {
  auto& x = claims_[peer];
  if (x.layer != nullptr && x.layer != &layer) {
    if (x.up || x.layer->has_link(peer))
      return false;
    // It only tries; this one has succeeded.
    x.layer->close_link(peer, {down_cause::refused, errc::already_connected,
                               "there is a link of another kind"});
  }
  x = {&layer, true};
  return true;
}

// -- all layers ---------------------------------------------------------------

void link_router::set_time(time_point now) {
  sessions_.set_time(now);
  for (auto& layer : others_)
    layer->set_time(now);
}

void link_router::take_all_reports(link_listener& listener) {
  // What one layer reports can make another report something.
  for (auto heard = true; heard;) {
    filter own{*this, sessions_, listener};
    sessions_.take_reports(own);
    heard = own.heard();
    for (auto& layer : others_) {
      filter its{*this, *layer, listener};
      layer->take_reports(its);
      heard = heard || its.heard();
    }
  }
}

bool link_router::flush(bool more_comes) {
  auto late = sessions_.flush(more_comes);
  for (auto& layer : others_)
    late = layer->flush(more_comes) || late;
  return late;
}

std::optional<time_point> link_router::next_wake() const {
  auto result = sessions_.next_wake();
  for (const auto& layer : others_)
    if (auto x = layer->next_wake(); x && (!result || *x < *result))
      result = x;
  return result;
}

void link_router::stop() {
  sessions_.stop();
  for (auto& layer : others_)
    layer->stop();
}

bool link_router::stopped() const {
  for (const auto& layer : others_)
    if (!layer->stopped())
      return false;
  return sessions_.stopped();
}

} // namespace vigil
