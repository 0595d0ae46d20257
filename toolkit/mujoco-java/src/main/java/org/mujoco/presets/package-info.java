/**
 * What JavaCPP needs to know of MuJoCo's headers in order to generate the binding, and where the library lies. It is used at build time
 * and by {@link org.mujoco} alone.
 *
 * <p>There is nothing to start with here: use {@link org.mujoco}.
 */
package org.mujoco.presets;
