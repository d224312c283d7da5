export { listTables, plannedStatements, type ListInput } from './list-tables.js';
export { planUnits, unitTable, type ListedTable, type UnitTable } from './plan-units.js';
export { profileTable, type ProfiledTable, type TableProfiling } from './profile-table.js';
export { remember, rememberedTables, type RememberedTable, type RememberedTables } from './remembered.js';
export { planHash, resolvePlan, type PlanSettings } from './resolve-plan.js';
export { readSampleData, type SampleData } from './sample-data.js';
export type { ColumnPlan, TablePlan } from './table-plan.js';
export { profileUnit, publishedLine, rememberedOf, type ProfileUnitStage } from './profile-unit.js';
