import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {ListRenderer} from "@web/views/list/list_renderer";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useState} from "@odoo/owl";

const OPEN_STATES = ["confirmed", "progress", "to_close"];

/** Whether nothing of a component is left to be posted: it was, with earlier parts. */
export function isBackflushPosted({data}) {
  if (data.state === "done") {
    return true;
  }
  return Boolean(data.backflush_taken_qty && !data.product_uom_qty && !data.quantity);
}

export class BackflushComponentsRenderer extends ListRenderer {
  static recordRowTemplate = "backflush_auto.ComponentsRecordRow";
  static props = [...ListRenderer.props, "isFolded?"];

  getRowClass(record) {
    const classes = super.getRowClass(record);
    return this.props.isFolded && isBackflushPosted(record)
      ? `${classes} d-none`
      : classes;
  }
}

/** The components of an order: what is posted of an open one folds away. */
export class BackflushComponentsField extends X2ManyField {
  static template = "backflush_auto.ComponentsField";
  static components = {
    ...X2ManyField.components,
    ListRenderer: BackflushComponentsRenderer,
  };

  setup() {
    super.setup();
    this.fold = useState({isFolded: true});
  }

  get isBackflushed() {
    return this.props.record.data.backflush;
  }

  get postedRows() {
    const isOpen = OPEN_STATES.includes(this.props.record.data.state);
    return this.isBackflushed && isOpen
      ? this.list.records.filter(isBackflushPosted)
      : [];
  }

  get foldLabel() {
    return this.fold.isFolded
      ? _t("Show posted parts (%s)", this.postedRows.length)
      : _t("Hide posted parts");
  }

  get rendererProps() {
    const props = super.rendererProps;
    if (this.props.viewMode === "list") {
      props.isFolded = this.fold.isFolded && this.postedRows.length > 0;
    }
    return props;
  }

  toggleFold() {
    this.fold.isFolded = !this.fold.isFolded;
  }
}

registry.category("fields").add("backflush_components", {
  ...x2ManyField,
  component: BackflushComponentsField,
  // Styles and other addons look for the field that stands there in Odoo.
  additionalClasses: ["o_field_one2many"],
});
