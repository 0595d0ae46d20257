/**
 * MuJoCo for Java: compiling models, stepping them, and drawing them. It knows nothing of learning and imports nothing of the toolkit.
 *
 * <p>Start with {@link org.mujoco.Model}, a compiled model, and {@link org.mujoco.Simulation}, its changing state. {@link
 * org.mujoco.Renderer} makes pictures.
 */
package org.mujoco;
