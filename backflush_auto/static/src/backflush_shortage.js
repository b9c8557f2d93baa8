import {Component, onWillStart} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {RPCError} from "@web/core/network/rpc";
import {UncaughtPromiseError} from "@web/core/errors/error_service";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** A posting is refused as components are short: what, and what can be done. */
export class BackflushShortageDialog extends Component {
  static template = "backflush_auto.ShortageDialog";
  static components = {Dialog};
  static props = {
    close: Function,
    message: String,
    title: String,
    order_ids: Array,
    product_ids: Array,
  };

  setup() {
    this.action = useService("action");
    this.orm = useService("orm");
    this.offers = [];
    onWillStart(async () => {
      const {order_ids, product_ids} = this.props;
      const args = [order_ids, product_ids];
      try {
        this.offers = await this.orm.call(
          "mrp.production",
          "get_backflush_offers",
          args
        );
      } catch {
        // The message counts: it is shown without offers, say while the network is gone.
        this.offers = [];
      }
    });
  }

  async follow({action}) {
    this.props.close();
    await this.action.doAction(action, {
      onClose: () => this.action.doAction("soft_reload"),
    });
  }
}

export function showBackflushShortage(env, error, originalError) {
  if (!(error instanceof UncaughtPromiseError && originalError instanceof RPCError)) {
    return false;
  }
  const shortage = originalError.data?.context?.shortage_dialog;
  if (!shortage) {
    return false;
  }
  error.unhandledRejectionEvent.preventDefault();
  env.services.dialog.add(BackflushShortageDialog, {
    ...shortage,
    message: originalError.data.message,
  });
  return true;
}

registry
  .category("error_handlers")
  .add("backflush_shortage", showBackflushShortage, {sequence: 96});
