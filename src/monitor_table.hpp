#pragma once

#include "messages/pid.hpp"
#include "messages/reference.hpp"
#include "messages/target.hpp"
#include "src/name_pool.hpp"
#include "src/slab.hpp"
#include "src/slot_index.hpp"
#include "src/slot_ring.hpp"

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace vigil {

/// A monitor as its watcher's node knows it.
struct outbound_monitor {
  pid watcher;
  target object;
  reference ref{};
};

/// A monitor as its target's node knows it.
struct inbound_monitor {
  pid watcher;
  /// The target exactly as the watcher named it.
  target object;
  reference ref{};
};

/// All monitors of one node: those its own processes hold ("outbound", by
/// reference, by watcher and by the target's node) and those that are held on
/// its processes ("inbound", by target and by the watcher's node). A monitor
/// between two processes of the node is in both halves.
///
/// Every operation takes constant time, or time in proportion to what it
/// returns or removes, however many monitors there are. With a million monitors
/// on different targets, one takes about 60 bytes at the watcher's side and 80
/// at the target's, all indexes included.
///
/// Thread-safety: none; owned by a control plane.
class monitor_table {
public:
  static constexpr size_t no_limit = std::numeric_limits<size_t>::max();

  /// Creates an empty table for the node `self` in its life `life`.
  monitor_table(node_name self, creation life);

  monitor_table(const monitor_table&) = delete;

  monitor_table& operator=(const monitor_table&) = delete;

  // -- the watcher's half -----------------------------------------------------

  /// Records that `watcher`, a process of this node, monitors `object`.
  /// @pre no monitor with this reference is recorded
  void monitor_remote(const pid& watcher, const target& object, reference ref);

  /// Removes the monitor and returns its object. Finds nothing, and changes
  /// nothing, if the reference is unknown or belongs to another watcher.
  std::optional<target> demonitor_remote(const pid& watcher, reference ref);

  /// What an exit report met.
  enum class exit_match {
    /// The monitor it names; the record is gone now.
    taken,
    /// No monitor: it crossed a demonitor or the watcher's end.
    unknown,
    /// A monitor that the sender has no right to end, or that is not as the
    /// report says; nothing was changed.
    mismatch,
  };

  /// Takes the monitor that an exit report of `sender` ends. Matches the
  /// reference, the sender, the object and the watcher.
  exit_match take_outbound_for_exit(node_name sender, const target& object,
                                    const pid& watcher, reference ref);

  /// Removes the monitors whose target is on `node`, oldest first and at most
  /// `limit` of them, appends them to `out`, and returns how many. Stops at the
  /// first whose reference is greater than `newest`.
  size_t collect_outbound_for_node(node_name node,
                                   std::vector<outbound_monitor>& out,
                                   size_t limit = no_limit,
                                   reference newest = last_reference);

  /// Returns the greatest reference that was ever recorded.
  reference newest() const noexcept {
    return newest_;
  }

  /// Appends the monitors whose target is on `node` to `out`, oldest first, and
  /// keeps them.
  void list_outbound_for_node(node_name node,
                              std::vector<outbound_monitor>& out) const;

  /// Removes all monitors that `watcher` holds and appends them to `out`.
  void remove_outbound_for_watcher(const pid& watcher,
                                   std::vector<outbound_monitor>& out);

  /// Returns the monitors that `watcher` holds, oldest first.
  std::vector<outbound_monitor> monitors(const pid& watcher) const;

  // -- the target's half ------------------------------------------------------

  /// Records that `watcher` monitors the local process `process`, which it
  /// named as `object`. Returns false, and keeps the first record, if the same
  /// triple of watcher, object and reference is recorded already.
  /// @pre `object` is `process`, or a name of this node
  bool register_inbound_monitor(const pid& watcher, const target& object,
                                reference ref, const pid& process);

  /// Returns whether the same triple is recorded.
  bool has_inbound_monitor(const pid& watcher, const target& object,
                           reference ref) const;

  /// Removes a monitor; returns false if there is none.
  bool remove_inbound_monitor(const pid& watcher, const target& object,
                              reference ref);

  /// Removes all monitors on the local process `process` and appends them to
  /// `out`, oldest first.
  void collect_inbound_for_target(const pid& process,
                                  std::vector<inbound_monitor>& out);

  /// Drops the monitors held by processes of `node`, at most `limit` of them;
  /// returns how many.
  size_t remove_inbound_for_watcher_node(node_name node,
                                         size_t limit = no_limit);

  /// Returns the watchers of the local process `process`, one entry a monitor,
  /// oldest first.
  std::vector<pid> monitored_by(const pid& process) const;

  // -- sizes ------------------------------------------------------------------

  size_t num_outbound() const noexcept {
    return outbound_.size();
  }

  size_t num_inbound() const noexcept {
    return inbound_.size();
  }

  size_t num_outbound(node_name node) const;

  size_t num_inbound(node_name node) const;

  /// Returns whether the table and all its indexes are empty.
  bool empty() const noexcept;

private:
  /// A process of this life of this node: its serial and number.
  enum class local_id : uint64_t {};

  /// Numbers a node in `nodes_`.
  using node_number = uint32_t;

  /// A target in 16 bytes. A `life` of 0, which no pid has, marks a name; `id`
  /// is its number in `names_`.
  struct packed_target {
    uint64_t id = 0;
    creation life{};
    node_number node = 0;

    friend bool operator==(const packed_target& x,
                           const packed_target& y) noexcept {
      return x.id == y.id && x.life == y.life && x.node == y.node;
    }
  };

  struct outbound_record {
    reference ref{};
    local_id watcher{};
    packed_target object;
    ring_links by_watcher;
    ring_links by_node;
  };

  /// What identifies an inbound monitor.
  struct triple {
    reference ref{};
    uint64_t watcher = 0;
    creation watcher_life{};
    node_number watcher_node = 0;
    packed_target object;

    friend bool operator==(const triple& x, const triple& y) noexcept {
      return x.ref == y.ref && x.watcher == y.watcher
             && x.watcher_life == y.watcher_life
             && x.watcher_node == y.watcher_node && x.object == y.object;
    }

    /// A node uses a reference once, so the rest adds nothing to the hash.
    template <class H>
    friend H AbslHashValue(H state, const triple& x) {
      return H::combine(std::move(state), x.ref, x.watcher_node);
    }
  };

  struct inbound_record {
    reference ref{};
    uint64_t watcher = 0;
    creation watcher_life{};
    node_number watcher_node = 0;
    /// The process itself, also if it was named.
    local_id process{};
    /// Number of the name by which it was monitored; `no_name` if by pid.
    uint32_t name = no_name;
    ring_links by_target;
    ring_links by_node;
  };

  static constexpr uint32_t no_name = 0xFFFFFFFF;

  struct ref_of {
    reference operator()(const outbound_record& x) const noexcept {
      return x.ref;
    }
  };

  struct watcher_of {
    local_id operator()(const outbound_record& x) const noexcept {
      return x.watcher;
    }
  };

  struct triple_of {
    triple operator()(const inbound_record& x) const noexcept {
      return {x.ref, x.watcher, x.watcher_life, x.watcher_node,
              pack_local(static_cast<uint64_t>(x.process), x.name)};
    }
  };

  struct process_of {
    local_id operator()(const inbound_record& x) const noexcept {
      return x.process;
    }
  };

  /// The rings of one other node, or of this one.
  struct node_entry {
    node_name name;
    slot outbound = no_slot;
    slot inbound = no_slot;
    size_t num_outbound = 0;
    size_t num_inbound = 0;
  };

  using watcher_ring = slot_ring<outbound_record, &outbound_record::by_watcher>;
  using out_node_ring = slot_ring<outbound_record, &outbound_record::by_node>;
  using target_ring = slot_ring<inbound_record, &inbound_record::by_target>;
  using in_node_ring = slot_ring<inbound_record, &inbound_record::by_node>;

  /// A process of this node, by name if `name` is one. Told apart by `node`,
  /// which says nothing else here.
  static packed_target pack_local(uint64_t id, uint32_t name) noexcept {
    return name == no_name ? packed_target{id, creation{}, 0}
                           : packed_target{name, creation{}, 1};
  }

  static uint64_t id_of(const pid& x) noexcept;

  bool is_local(const pid& x) const noexcept;

  node_number number_of(node_name node);

  std::optional<node_number> find_number(node_name node) const;

  pid local_pid(local_id id) const noexcept;

  target unpack(const packed_target& x) const;

  /// Returns nothing if the target's node or name is in use nowhere.
  std::optional<packed_target> find_packed(const target& x) const;

  outbound_monitor describe(const outbound_record& x) const;

  target object_of(const inbound_record& x) const;

  inbound_monitor describe(const inbound_record& x) const;

  slot find_inbound(const pid& watcher, const target& object,
                    reference ref) const;

  void erase_outbound(slot x);

  void erase_inbound(slot x);

  /// Erases a record that its target's ring does not hold any more.
  void forget_inbound(slot x);

  node_name self_;
  creation life_;
  name_pool names_;
  std::vector<node_entry> nodes_;
  absl::flat_hash_map<node_name, node_number> node_numbers_;
  /// The number that was asked for last.
  mutable node_number last_number_ = 0;
  reference newest_ = first_reference;
  slab<outbound_record> outbound_;
  slot_index<outbound_record, ref_of> by_ref_;
  slot_index<outbound_record, watcher_of> by_watcher_;
  slab<inbound_record> inbound_;
  slot_index<inbound_record, triple_of> by_triple_;
  slot_index<inbound_record, process_of> by_target_;
};

} // namespace vigil
