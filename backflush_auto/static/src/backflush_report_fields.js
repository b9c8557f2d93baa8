import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {registry} from "@web/core/registry";

/** A quantity that says, where the pointer rests, how it comes about. */
export class BackflushExpectedField extends FloatField {
  static template = "backflush_auto.ExpectedField";
}

registry.category("fields").add("backflush_expected", {
  ...floatField,
  component: BackflushExpectedField,
  fieldDependencies: [{name: "formula", type: "char"}],
});

/** What a person enters: empty where nothing is recorded, and clearing takes it back. */
export class BackflushEnteredField extends FloatField {
  get isRecorded() {
    const {changed, method, recorded} = this.props.record.data;
    return changed || recorded || method !== "manual";
  }

  get formattedValue() {
    return this.isRecorded ? super.formattedValue : "";
  }

  parse(value) {
    return value.trim() ? super.parse(value) : this.props.record.data.usual_qty;
  }
}

registry.category("fields").add("backflush_entered", {
  ...floatField,
  component: BackflushEnteredField,
});
