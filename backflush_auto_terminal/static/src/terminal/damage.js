import {Component} from "@odoo/owl";
import {DamageDialog} from "./damage_dialog";
import {describeDamage} from "./texts";
import {useService} from "@web/core/utils/hooks";

/** What was spoilt of components, beside what is built in. */
export class Damage extends Component {
  static template = "backflush_auto_terminal.Damage";
  static props = {
    order: Object,
    entry: Object,
    settings: Object,
    change: Function,
  };

  setup() {
    this.dialog = useService("dialog");
  }

  /** What a card holds that an older version kept on the device has none. */
  get damageable() {
    return this.props.order.damageable || [];
  }

  describe(damage) {
    const text = describeDamage(damage, this.props.settings.digits);
    return damage.reason ? `${text} · ${damage.reason}` : text;
  }

  add() {
    this.dialog.add(DamageDialog, {
      components: this.damageable,
      reasons: this.props.settings.reasons,
      add: (damage) => {
        this.props.entry.damaged.push(damage);
        this.props.change();
      },
    });
  }

  remove(index) {
    this.props.entry.damaged.splice(index, 1);
    this.props.change();
  }
}
