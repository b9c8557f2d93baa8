import {
  SelectionField,
  selectionField,
} from "@web/views/fields/selection/selection_field";
import {registry} from "@web/core/registry";

/** A selection that says what holds where nothing is chosen, also when only read. */
export class BackflushMethodField extends SelectionField {
  get string() {
    return super.string || this.props.placeholder || "";
  }
}

registry.category("fields").add("backflush_method", {
  ...selectionField,
  component: BackflushMethodField,
});
