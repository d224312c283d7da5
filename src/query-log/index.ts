export { planWindows, readWindows, type PlanWindowsInput } from './plan-windows.js';
export { readWindow, type ReadWindowInput } from './read-window.js';
export { logLine, sqlSession, type LogLine } from './log-line.js';
