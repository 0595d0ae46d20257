/**
 * Bodies as data: a MuJoCo model, what is observed of it, what it is rewarded for, and what may be changed. It may import {@link
 * metarl.env} and the rooms before it. It does not need MuJoCo.
 *
 * <p>Start with {@link metarl.env.body.Body}. The bodies that ship are in {@link metarl.task.families}, each in the file of its family.
 */
package metarl.env.body;
