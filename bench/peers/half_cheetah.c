// Peer of bench/environment.jsh: random actions, five substeps, observation and reward, in plain C. Prints env-steps/s.
#include <math.h>
#include <mujoco/mujoco.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static unsigned long long state = 1;
static double uniform(void) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (state >> 11) * 0x1.0p-53 * 2 - 1;
}

int main(int count, char** arguments) {
  char error[1000];
  mjModel* m = mj_loadXML(arguments[1], 0, error, sizeof error);
  if (!m || count < 3) { fprintf(stderr, "%s\n", error); return 1; }
  mjData* d = mj_makeData(m);
  int steps = atoi(arguments[2]), torso = mj_name2id(m, mjOBJ_BODY, "torso");
  double observation[20], sum = 0, start = now();
  for (int t = 0; t < steps; t++) {
    if (t % 200 == 0) {
      mj_resetData(m, d);
      for (int i = 0; i < m->nq; i++) d->qpos[i] += 0.1 * uniform();
      for (int i = 0; i < m->nv; i++) d->qvel[i] = 0.1 * uniform();
      mj_forward(m, d);
    }
    double before = d->qpos[0], effort = 0;
    for (int i = 0; i < m->nu; i++) {
      d->ctrl[i] = uniform();
      effort += d->ctrl[i] * d->ctrl[i];
    }
    for (int k = 0; k < 5; k++) mj_step(m, d);
    memcpy(observation, d->qpos + 1, 8 * sizeof(double));
    memcpy(observation + 8, d->qvel, 9 * sizeof(double));
    memcpy(observation + 17, d->xpos + 3 * torso, 3 * sizeof(double));
    sum += observation[3] - fabs((d->qpos[0] - before) / 0.05 - 1.5) - 0.05 * effort;
  }
  printf("%.1f\n", steps / (now() - start));
  if (sum == 1e99) puts("");
  return 0;
}
