import {registry} from "@web/core/registry";

/** Confirms what was posted, and offers to correct it: a slip is seen right then. */
export function confirmBackflushPosted(env, action) {
  const {posting_id, message, label, next} = action.params;
  const correct = async () => {
    close();
    const dialog = await env.services.orm.call(
      "mrp.backflush",
      "action_backflush_correct",
      [[posting_id]]
    );
    await env.services.action.doAction(dialog, {
      onClose: () => env.services.action.doAction("soft_reload"),
    });
  };
  const close = env.services.notification.add(message, {
    type: "success",
    className: "o_backflush_posted",
    buttons: [{name: label, onClick: correct, primary: true}],
  });
  return next;
}

registry.category("actions").add("backflush_posted", confirmBackflushPosted);
