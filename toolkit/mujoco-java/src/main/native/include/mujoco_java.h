// What the facade needs beyond the C API: errors as C++ exceptions, warnings kept in memory, whole environment steps in one call,
// and the places where the fields of mjModel differ between versions.
#ifndef MUJOCO_JAVA_H_
#define MUJOCO_JAVA_H_

#include <mujoco/mujoco.h>
#include <mujoco/mjxmacro.h>
#include <csetjmp>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>

#ifndef MUJOCO_JAVA_PARSER_SKIP
namespace mujoco_java {
inline std::string& last_error() { static thread_local std::string text; return text; }
inline std::string& last_warning() { static thread_local std::string text; return text; }

// The place that an error inside a guarded call jumps to. A C++ exception must not pass through libmujoco: the library carries a C++ runtime
// and an unwinder of its own, which cannot read what ours throws (nor ours what it throws).
struct frame { std::jmp_buf jump; frame* outer; };
inline frame*& innermost() { static thread_local frame* here = nullptr; return here; }
inline void on_error(const char* message) {
  last_error() = message ? message : "MuJoCo error";
  if (innermost()) std::longjmp(innermost()->jump, 1);
  throw std::runtime_error(last_error());
}
inline void on_warning(const char* message) { last_warning() = message ? message : ""; }
// at load time: an error must become a Java exception instead of exit(), a warning must not be written to MUJOCO_LOG.TXT
struct hooks { hooks() { mju_user_error = on_error; mju_user_warning = on_warning; } };
static hooks installed;

// calls into libmujoco; its errors become exceptions on this side of the border
template <class F> auto guarded(F call) -> decltype(call()) {
  frame here;
  here.outer = innermost();
  if (setjmp(here.jump)) {
    innermost() = here.outer;
    throw std::runtime_error(last_error());
  }
  struct leave { frame* outer; ~leave() { innermost() = outer; } } left{here.outer};
  innermost() = &here;
  return call();
}

inline void forget_warnings(mjData* d) { for (int w = 0; w < mjNWARNING; w++) d->warning[w].number = 0; }
inline int warnings(const mjData* d) {
  int found = 0;
  for (int w = 0; w < mjNWARNING; w++) if (d->warning[w].number) found |= 1 << w;
  return found;
}

template <class T> bool has_nan(const T* values, long long size) {
  if (std::is_floating_point<T>::value)
    for (long long i = 0; i < size; i++) if (std::isnan((double) values[i])) return true;
  return false;
}

// Late 3.x versions let an actuator have several controls and outputs; before, all three were numbered alike. The first overload
// is taken where its fields exist: the literal 0 is an int before it is a long.
template <class M> auto actuators(const M* m, int) -> decltype((int) m->nactuator) { return (int) m->nactuator; }
template <class M> int actuators(const M* m, long) { return (int) m->nu; }
template <class M> auto first_control(const M* m, int a, int) -> decltype((int) m->actuator_ctrladr[a]) { return m->actuator_ctrladr[a]; }
template <class M> int first_control(const M*, int a, long) { return a; }
template <class M> auto first_output(const M* m, int a, int) -> decltype((int) m->actuator_outadr[a]) { return m->actuator_outadr[a]; }
template <class M> int first_output(const M*, int a, long) { return a; }
template <class M> auto outputs(const M* m, int a, int) -> decltype((int) m->actuator_outnum[a]) { return m->actuator_outnum[a]; }
template <class M> int outputs(const M*, int, long) { return 1; }
}
#endif

// the version of the headers this glue was compiled with; compare with mj_version()
static inline int mjj_headerVersion() { return mjVERSION_HEADER; }
// the last warning on this thread, and how to forget it
static inline const char* mjj_lastWarning() { return mujoco_java::last_warning().c_str(); }
static inline void mjj_clearWarning() { mujoco_java::last_warning().clear(); }
// raises an error on purpose, to test the hook: at the border, or inside a guarded call
static inline void mjj_raise(const char* message) { mju_error("%s", message); }
static inline void mjj_raiseGuarded(const char* message) { mujoco_java::guarded([&] { mju_error("%s", message); }); }

// the first array of the model that holds a NaN; empty if none does. What users store for themselves may hold what they like.
static inline const char* mjj_arrayWithNaN(const mjModel* m) {
#define MUJOCO_JAVA_NAN(type, name, rows, columns) \
  if (!std::strstr(#name, "_user") && std::strcmp(#name, "numeric_data") && mujoco_java::has_nan(m->name, (long long) m->rows * (columns))) return #name;
#pragma push_macro("MJ_M")
#pragma push_macro("XNV")
#undef MJ_M
#undef XNV
#define MJ_M(n) m->n
#define X MUJOCO_JAVA_NAN
#define XNV MUJOCO_JAVA_NAN
  MJMODEL_POINTERS
#undef X
#undef XNV
#pragma pop_macro("XNV")
#pragma pop_macro("MJ_M")
  return "";
}

// what the facade calls, each with errors as exceptions
static inline mjModel* mjj_loadModel(const void* buffer, long long size) {
  // loading from a buffer is newer than the virtual file system
  mjVFS files;
  mj_defaultVFS(&files);
  struct leave { mjVFS* files; ~leave() { mj_deleteVFS(files); } } left{&files};
  return mujoco_java::guarded([&]() -> mjModel* { return mj_addBufferVFS(&files, "model.mjb", buffer, (int) size) == 0 ? mj_loadModel("model.mjb", &files) : nullptr; });
}
static inline mjModel* mjj_copyModel(const mjModel* m) { return mujoco_java::guarded([&] { return mj_copyModel(nullptr, m); }); }
static inline mjData* mjj_makeData(const mjModel* m) { return mujoco_java::guarded([&] { return mj_makeData(m); }); }
static inline void mjj_copyData(mjData* to, const mjModel* m, const mjData* from) { mujoco_java::guarded([&] { mj_copyData(to, m, from); }); }
static inline void mjj_resetData(const mjModel* m, mjData* d) { mujoco_java::guarded([&] { mj_resetData(m, d); }); }
static inline void mjj_resetToKeyframe(const mjModel* m, mjData* d, int key) { mujoco_java::guarded([&] { mj_resetDataKeyframe(m, d, key); }); }
static inline int mjj_stateSize(const mjModel* m) { return mujoco_java::guarded([&] { return (int) mj_stateSize(m, mjSTATE_INTEGRATION); }); }
static inline void mjj_getState(const mjModel* m, const mjData* d, mjtNum* state) {
  mujoco_java::guarded([&] { mj_getState(m, d, state, mjSTATE_INTEGRATION); });
}
static inline void mjj_setState(const mjModel* m, mjData* d, const mjtNum* state) {
  mujoco_java::guarded([&] { mj_setState(m, d, state, mjSTATE_INTEGRATION); });
}
static inline void mjj_loadPlugin(const char* path) { mujoco_java::guarded([&] { mj_loadPluginLibrary(path); }); }
// computes the derived constants again; returns a set of bits, one per kind of warning
static inline int mjj_setConst(mjModel* m, mjData* d) {
  return mujoco_java::guarded([&] {
    mujoco_java::forget_warnings(d);
    mj_setConst(m, d);
    return mujoco_java::warnings(d);
  });
}
// computes the derived quantities; returns a set of bits, one per kind of warning
static inline int mjj_forward(const mjModel* m, mjData* d) {
  return mujoco_java::guarded([&] {
    mujoco_java::forget_warnings(d);
    mj_forward(m, d);
    return mujoco_java::warnings(d);
  });
}

// number of actuators, the first control and the first output of one, and how many outputs (rows of gear) it has
static inline int mjj_actuators(const mjModel* m) { return mujoco_java::actuators(m, 0); }
static inline int mjj_firstControl(const mjModel* m, int actuator) { return mujoco_java::first_control(m, actuator, 0); }
static inline int mjj_firstOutput(const mjModel* m, int actuator) { return mujoco_java::first_output(m, actuator, 0); }
static inline int mjj_outputs(const mjModel* m, int actuator) { return mujoco_java::outputs(m, actuator, 0); }
// whether a control is clamped to its range; the field's type differs between versions
static inline int mjj_controlLimited(const mjModel* m, int control) { return m->actuator_ctrllimited[control] ? 1 : 0; }

// n substeps with the control that lies in d->ctrl; contacts != 0 also computes contact forces (cfrc_ext).
// Returns a set of bits, one per kind of warning. MuJoCo resets its data and counters when it finds a bad state,
// so the counters are cleared first rather than compared.
static inline int mjj_step(const mjModel* m, mjData* d, int n, int contacts) {
  return mujoco_java::guarded([&] {
    int found = 0;
    mujoco_java::forget_warnings(d);
    for (int i = 0; i < n && !found; i++) {
      mj_step(m, d);
      found = mujoco_java::warnings(d);
    }
    if (contacts && !found) mj_rnePostConstraint(m, d);
    return found;
  });
}
// what the last warning of this kind says of itself: the number of the degree of freedom, the size, …
static inline int mjj_warningInfo(const mjData* d, int warning) { return d->warning[warning].lastinfo; }
#endif
