// What the facade needs beyond the C API: errors as C++ exceptions, warnings kept in memory, whole environment steps in one call,
// and the places where the fields of mjModel differ between versions.
#ifndef MUJOCO_JAVA_H_
#define MUJOCO_JAVA_H_

#include <mujoco/mujoco.h>
#include <cstring>
#include <stdexcept>
#include <string>

#ifndef MUJOCO_JAVA_PARSER_SKIP
namespace mujoco_java {
inline std::string& last_warning() { static thread_local std::string text; return text; }
inline void on_error(const char* message) { throw std::runtime_error(message ? message : "MuJoCo error"); }
inline void on_warning(const char* message) { last_warning() = message ? message : ""; }
// at load time: an error must become a Java exception instead of exit(), a warning must not be written to MUJOCO_LOG.TXT
struct hooks { hooks() { mju_user_error = on_error; mju_user_warning = on_warning; } };
static hooks installed;

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
// raises an error on purpose, to test the hook
static inline void mjj_raise(const char* message) { mju_error("%s", message); }

// number of actuators, the first control and the first output of one, and how many outputs (rows of gear) it has
static inline int mjj_actuators(const mjModel* m) { return mujoco_java::actuators(m, 0); }
static inline int mjj_firstControl(const mjModel* m, int actuator) { return mujoco_java::first_control(m, actuator, 0); }
static inline int mjj_firstOutput(const mjModel* m, int actuator) { return mujoco_java::first_output(m, actuator, 0); }
static inline int mjj_outputs(const mjModel* m, int actuator) { return mujoco_java::outputs(m, actuator, 0); }
// whether a control is clamped to its range; the field's type differs between versions
static inline int mjj_controlLimited(const mjModel* m, int control) { return m->actuator_ctrllimited[control] ? 1 : 0; }

// n substeps with the control that lies in d->ctrl; contacts != 0 also computes contact forces (cfrc_ext).
// Returns how many substeps found a bad state or control. MuJoCo resets its data and counters when it finds a bad state,
// so the counters are cleared first rather than compared.
static inline int mjj_step(const mjModel* m, mjData* d, int n, int contacts) {
  int bad = 0;
  for (int w = mjWARN_BADQPOS; w <= mjWARN_BADCTRL; w++) d->warning[w].number = 0;
  for (int i = 0; i < n; i++) mj_step(m, d);
  if (contacts) mj_rnePostConstraint(m, d);
  for (int w = mjWARN_BADQPOS; w <= mjWARN_BADCTRL; w++) bad += d->warning[w].number;
  return bad;
}
#endif
