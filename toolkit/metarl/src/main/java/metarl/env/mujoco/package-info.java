/**
 * Environments of bodies, stepped and drawn by MuJoCo. It may import {@link metarl.env.body}, {@link metarl.env} and the rooms before
 * it, and is the only room that imports {@link org.mujoco}.
 *
 * <p>Nothing in it is called by name: {@link metarl.env.body.Bodies} looks it up when the first body is built. Start with {@link
 * metarl.env.body.Body}.
 */
package metarl.env.mujoco;
