import {htmlSprintf} from "@web/core/utils/html";
import {markup} from "@odoo/owl";
import {registry} from "@web/core/registry";

/** Says what was posted, with links, and offers to correct it: a slip is seen then. */
export function confirmBackflushPosted(env, action) {
  const {correct, links, message, next, posting_ids} = action.params;
  const openCorrection = async () => {
    close();
    const dialog = await env.services.orm.call(
      "mrp.backflush",
      "action_backflush_correct",
      [posting_ids]
    );
    await env.services.action.doAction(dialog, {
      onClose: () => env.services.action.doAction("soft_reload"),
    });
  };
  const anchors = links.map(({label, url}) => markup`<a href="${url}">${label}</a>`);
  const close = env.services.notification.add(htmlSprintf(message, ...anchors), {
    type: "success",
    className: "o_backflush_posted",
    buttons: correct ? [{name: correct, onClick: openCorrection, primary: true}] : [],
  });
  return next;
}

registry.category("actions").add("backflush_posted", confirmBackflushPosted);
